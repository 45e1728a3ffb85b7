import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The bench itself says when a statement or an answer of the bare server isn't the product's. */
it('compares every operation with a bare server that runs the same statements and answers the same', () => {
  const bench = join(import.meta.dirname, '../scripts/bench.mjs');
  const little = ['--customers', '200', '--seconds', '0.2', '--rounds', '1', '--connections', '1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bench, ...little], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(stderr.match(/the answers agree/g)).toHaveLength(7);
  expect(stdout).toContain('| a sweep opens 20 ');
}, 300_000);

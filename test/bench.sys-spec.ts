import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OPERATIONS } from '../bench/operations.js';

const MAIN = join(import.meta.dirname, '../bench/main.ts');

async function bench(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const [out, log] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number];
  return { code, out, log };
}

test('the bare server runs what the product runs and answers the same, in every operation that is measured', async () => {
  const { code, out, log } = await bench(
    ...['--customers', '300', '--seconds', '0.2', '--rounds', '1', '--connections', '2'],
  );
  expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('the answers agree') });
  const lines = out.split('\n');
  for (const { title } of Object.values(OPERATIONS)) {
    expect(lines.find((line) => line.startsWith(`| ${title} `))).toMatch(/\*\*\d+\.\d\d\*\*/);
  }
  expect(out).toMatch(/a sweep opens 30 /);
  expect(out).toMatch(/all five services/);
}, 400_000);

test('an operation that there is not is told with those that there are', async () => {
  const { code, log } = await bench('--only', 'get,everything');
  expect(code).toBe(1);
  expect(log).toMatch(/no operation everything[^]*--only get,list[^]*arrears/);
});

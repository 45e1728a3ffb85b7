// `npm run mutations`: breaks the code on purpose, one place at a time, and sees to it that a suite notices. Prints the
// table for docs/testing.md. Ends with 1 when one stays unnoticed. `-- 3 7` tries the third and the seventh alone.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..');
const mutations = JSON.parse(readFileSync(join(root, 'test/mutations.json'), 'utf8'));
const only = process.argv.slice(2).map(Number);

let restore = () => {};
let jest;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    jest?.kill();
    restore();
    process.exit(128 + constants.signals[signal]);
  });
}

let unnoticed = 0;
for (const [index, mutation] of mutations.entries()) {
  if (only.length > 0 && !only.includes(index + 1)) continue;
  const noticedBy = await tried(mutation);
  if (noticedBy === undefined) unnoticed += 1;
  process.stdout.write(`| ${mutation.name} | \`${mutation.suite}\` | ${noticedBy ?? '**nobody noticed**'} |\n`);
}
process.exitCode = unnoticed === 0 ? 0 : 1;

/** The first test that fails with it; undefined if all pass. */
async function tried({ file, from, to, suite, name }) {
  const path = join(root, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(from).length !== 2) throw new Error(`${file} doesn't hold once what "${name}" would break`);
  restore = () => writeFileSync(path, whole);
  const broken = whole.replace(from, () => to);
  writeFileSync(path, broken);
  try {
    return await firstFailure(suite);
  } finally {
    restore();
    restore = () => {};
  }
}

/** A suite that can't even be run has noticed nothing. */
async function firstFailure(suite) {
  const flags = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  jest = spawn(process.execPath, [...flags, '--json', '--silent', '--maxWorkers=1', '--testTimeout=30000', suite], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { numRuntimeErrorTestSuites, numTotalTests, testResults } = JSON.parse(await text(jest.stdout));
  if (numRuntimeErrorTestSuites > 0 || numTotalTests === 0) throw new Error(`${suite} could not be run`);
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find((one) => one.status === 'failed');
  return failed?.fullName;
}

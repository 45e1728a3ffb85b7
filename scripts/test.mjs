// `npm test`: sets up what is missing, then every check and every test. Ends with the line `N passed, N failed`.
// `npm run test:long` (`--long`) is the same with more rounds and more seeds.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideBrowser } from './browser.mjs';
import { installDependencies } from './dependencies.mjs';

const root = join(import.meta.dirname, '..');
const results = mkdtempSync(join(tmpdir(), 'hongfuxing-results-'));
const module = (path) => join(root, 'node_modules', path);

// The longest first: two at a time end together.
const CHECKS = [
  ['lint', [module('eslint/bin/eslint.js'), '.']],
  ['build', [join(root, 'scripts/build.mjs')]],
  ['types', [module('typescript/bin/tsc'), '--noEmit']],
  ['types of the web app', [module('typescript/bin/tsc'), '-p', 'apps/web/tsconfig.json']],
  ['types of its tests', [module('typescript/bin/tsc'), '-p', 'apps/web/test/tsconfig.json']],
  ['format', [module('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  [
    'boundaries',
    [module('dependency-cruiser/bin/dependency-cruise.mjs'), 'apps', 'libs', '--config', '.dependency-cruiser.cjs'],
  ],
  [
    'boundaries of the web app',
    [
      module('dependency-cruiser/bin/dependency-cruise.mjs'),
      'apps/web/src',
      '--config',
      'apps/web/.dependency-cruiser.cjs',
    ],
  ],
  ['specification', [join(root, 'scripts/specification.mjs'), '--check']],
  ['client', ['--conditions=source', '--import', 'tsx', join(root, 'scripts/client.ts'), '--check']],
];
const TESTS = [
  ['units and services', ['--testPathIgnorePatterns', '/node_modules/', '\\.sys-spec\\.ts$', '--maxWorkers=2']],
  // One whole system at a time: it fills two cores by itself.
  ['the whole system', ['--testPathPatterns', '\\.sys-spec\\.ts$', '--runInBand']],
];

if (process.argv.includes('--long')) process.env.HFX_TEST_LONG = '1';
await installDependencies();
process.env.HFX_CHROMIUM = (await provideBrowser()) ?? '';
const sum = { passed: 0, failed: 0 };
const checks = CHECKS.values();
await Promise.all([1, 2].map(() => runChecks(checks)));
for (const [name, args] of TESTS) count(name, jest(name, args));
rmSync(results, { recursive: true, force: true });
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function count(name, { passed, failed }) {
  sum.passed += passed;
  sum.failed += failed;
  process.stdout.write(`${failed === 0 ? 'ok' : 'FAILED'}: ${name}\n`);
}

/** One check after the other until none is left; what it printed comes in one piece, because another runs beside it. */
async function runChecks(checks) {
  for (const [name, args] of checks) {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => printed.push(data));
    const [status] = await once(child, 'close');
    process.stdout.write(`\n=== ${name}\n${Buffer.concat(printed).toString()}`);
    count(name, status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  }
}

function run(name, args) {
  process.stdout.write(`\n=== ${name}\n`);
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  return status;
}

/** A file that can't even run is a failure of its own; so is a run that found no test. */
function jest(name, args) {
  const file = join(results, `${name.replaceAll(' ', '-')}.json`);
  const flags = ['--experimental-vm-modules', '--no-warnings', module('jest/bin/jest.js')];
  const status = run(name, [...flags, '--ci', '--json', '--outputFile', file, '--silent', ...args]);
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: failed || (status === 0 && numPassedTests > 0 ? 0 : 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exclusively } from './lock.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const folders = (parent, inner) =>
  existsSync(join(root, parent))
    ? readdirSync(join(root, parent)).flatMap((name) => inner.map((part) => `${parent}/${name}/${part}`))
    : [];

/** What is built: from which files and folders, into which place, by which command. */
const STEPS = [
  {
    name: 'services',
    inputs: () => [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      ...folders('apps', ['src', 'migrations']).filter((path) => !path.startsWith('apps/web/')),
      ...folders('libs', ['src']).filter((path) => !path.startsWith('libs/testing/')),
    ],
    output: 'dist/libs',
    build: () => {
      run('TypeScript', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noEmitOnError']);
      removeStale();
    },
  },
  {
    name: 'web app',
    inputs: () => [
      'package-lock.json',
      'scripts/web.mjs',
      ...['index.html', 'package.json', 'public', 'src', 'tsconfig.json', 'vite.config.mjs'].map(
        (part) => `apps/web/${part}`,
      ),
      ...['access', 'client', 'contracts'].map((name) => `libs/${name}/src`),
    ],
    output: 'dist/web/index.html',
    build: () => run('The web app', ['scripts/web.mjs']),
  },
];

/** Builds what has changed since the last build; `force` builds all of it. */
export async function build({ force = false } = {}) {
  if (!force && STEPS.every(isFresh)) return;
  await exclusively('build', () => {
    for (const step of STEPS) {
      if (!force && isFresh(step)) continue;
      const began = performance.now();
      process.stdout.write(`building the ${step.name} …\n`);
      const stamp = stampOf(step);
      rmSync(stampFile(step), { force: true });
      step.build();
      mkdirSync(join(root, '.cache'), { recursive: true });
      writeFileSync(stampFile(step), stamp);
      process.stdout.write(`  built in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    }
  });
}

const stampFile = (step) => join(root, '.cache', `${step.name.replaceAll(' ', '-')}.stamp`);

function isFresh(step) {
  if (!existsSync(stampFile(step)) || !existsSync(join(root, step.output))) return false;
  return readFileSync(stampFile(step), 'utf8') === stampOf(step);
}

/** A hash over the inputs' names, sizes and times of change: that is fast, and at worst builds once too often. */
function stampOf(step) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  for (const file of step.inputs().flatMap((path) => filesBelow(join(root, path)))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) return filesBelow(inner);
    return entry.isFile() ? [inner] : [];
  });
}

/** Removes output whose source is gone: a migration that was renamed must not run under its old name. */
function removeStale() {
  for (const file of ['apps', 'libs'].flatMap((part) => filesBelow(join(dist, part)))) {
    const match = /^(.*)\.js(\.map)?$/.exec(relative(dist, file));
    if (match && !existsSync(join(root, `${match[1]}.ts`))) rmSync(file);
  }
}

function run(what, args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new BuildError(`${what} can't be built; the errors are above.`);
}

export class BuildError extends Error {}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build({ force: true }).catch((error) => {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  });
}

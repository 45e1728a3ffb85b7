import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';

const root = join(import.meta.dirname, '..');
const lockfile = join(root, 'package-lock.json');
/** npm writes it at the end of every installation. */
const installed = join(root, 'node_modules/.package-lock.json');
const stamp = join(root, 'node_modules/.hongfuxing-lock');

export class InstallError extends Error {}

/** Installs the dependencies of the lockfile, unless they are there. */
export async function installDependencies() {
  if (areInstalled()) return;
  await exclusively('installation', () => {
    if (areInstalled()) return;
    process.stdout.write('installing the dependencies (npm ci) …\n');
    // The build needs the development dependencies, whatever NODE_ENV says.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
    const npm = process.env.npm_execpath;
    const command = npm ? [process.execPath, [npm, ...args]] : ['npm', args];
    const { status, error } = spawnSync(...command, { cwd: root, stdio: 'inherit' });
    if (error || status !== 0) {
      throw new InstallError(
        `The dependencies can't be installed (${error?.message ?? `npm ci ended with ${status}`}).\n` +
          '  Check that this machine reaches an npm registry (npm ping), that the disk has 1 GB free,\n' +
          `  and that ${root} belongs to you; then start again.`,
      );
    }
    remember();
  });
}

function areInstalled() {
  if (!existsSync(installed)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return true;
  // Installed by hand, after the lockfile was last changed.
  if (statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) return false;
  remember();
  return true;
}

const lockHash = () => createHash('sha256').update(readFileSync(lockfile)).digest('hex');

function remember() {
  try {
    writeFileSync(stamp, lockHash());
  } catch {
    // The folder is somebody else's. Then the times of change have to do.
  }
}

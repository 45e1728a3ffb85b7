import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { canEnter, type Account } from './postgres-account.js';
import { SetupError } from './setup-error.js';

/** Where root keeps what PostgreSQL's account must reach, when the data folder is below one that it can't enter. */
export const SHARED_STATE = '/var/lib/hongfuxing';

/**
 * The folder for PostgreSQL's files, `<dataDir>/postgres`. Where its account can't get there (a data folder below a
 * private home), that name becomes a link to a folder below /var/lib/hongfuxing, and the link is the record of it.
 */
export function postgresHome(dataDir: string, account: Account | undefined, report: (line: string) => void): string {
  const home = join(dataDir, 'postgres');
  const reachable = canEnter(dataDir, account) || canEnter(letThrough(dataDir), account);
  if (!lstatSync(home, { throwIfNoEntry: false })) {
    if (reachable) mkdirSync(home, { mode: 0o700 });
    else {
      const elsewhere = join(SHARED_STATE, randomUUID());
      mkdirSync(SHARED_STATE, { recursive: true, mode: 0o755 });
      chmodSync(SHARED_STATE, 0o755);
      mkdirSync(elsewhere, { mode: 0o700 });
      writeFileSync(join(elsewhere, 'ORIGIN'), `The database of ${realpathSync(dataDir)}\n`);
      symlinkSync(elsewhere, home);
    }
  }
  const linked = lstatSync(home).isSymbolicLink();
  if (!existsSync(home)) {
    throw new SetupError(
      `${home} points to ${readlinkSync(home)}, which is gone, and the database with it.`,
      'Bring that folder back, or remove the whole data folder to begin anew.',
    );
  }
  const real = realpathSync(home);
  if (linked) report(`PostgreSQL's data is in ${real}; ${home} points there`);
  if (account) chownSync(real, account.uid, account.gid);
  if (!canEnter(real, account)) {
    throw new SetupError(
      `PostgreSQL's data folder ${real} can't be entered by ${account?.name ?? 'this user'}, who must run it.`,
      'Start as the user whom the data folder belongs to, and keep it where that user can get to.',
    );
  }
  return real;
}

/** Lets others pass through our own data folder; all that is in it is closed to them by itself. */
function letThrough(dataDir: string): string {
  const { mode, uid } = statSync(dataDir);
  if (uid === process.getuid?.()) chmodSync(dataDir, (mode & 0o777) | 0o011);
  return dataDir;
}

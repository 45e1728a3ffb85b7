import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { identityOf } from './process-identity.js';
import type { Account } from './postgres-account.js';
import { SetupError, reasonOf } from './setup-error.js';

const run = promisify(execFile);
const MAJOR = '18';
const HALF_MADE = 'data.new';
const PASSWORD_FILE = 'password';

interface NewCluster {
  native: string;
  /** The private folder that the cluster is made in, as `data`. */
  home: string;
  account?: Account;
  password: string;
  durable: boolean;
}

/** Runs initdb aside and moves the finished cluster into place: a crash in between leaves nothing half made. */
export async function createCluster({ native, home, account, password, durable }: NewCluster): Promise<void> {
  const passwordFile = join(home, PASSWORD_FILE);
  const half = join(home, HALF_MADE);
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const args = ['--pgdata', half, '--username=postgres', `--pwfile=${passwordFile}`];
    args.push(
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--auth=scram-sha-256',
      durable ? '--sync-method=fsync' : '--no-sync',
    );
    await run(join(native, 'bin/initdb'), args, {
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      timeout: 120_000,
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    renameSync(half, join(home, 'data'));
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    removeHalfMadeCluster(home);
    if (/no space left/i.test(stderr ?? '')) {
      throw new SetupError('The disk is full: the database could not be created.', 'Free some space and start again.');
    }
    throw new SetupError(
      `The database could not be created in ${home}: ${(stderr || reasonOf(error)).trim()}`,
      'Set DATA_DIR to a folder on a local disk that this user may write.',
      error,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

export function removeHalfMadeCluster(home: string): void {
  rmSync(join(home, HALF_MADE), { recursive: true, force: true });
  rmSync(join(home, PASSWORD_FILE), { force: true });
}

/** Fails on a data folder that this PostgreSQL can't read. */
export function checkClusterVersion(cluster: string): void {
  const file = join(cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  if (version === MAJOR) return;
  throw new SetupError(
    version
      ? `The data folder was made by PostgreSQL ${version}; this is PostgreSQL ${MAJOR}.`
      : `The data folder is broken: ${file} is missing.`,
    version
      ? 'Start with the release that made it, export, and import into a new data folder.'
      : 'Bring the data folder back from a backup, or remove the whole data folder to begin anew.',
  );
}

/**
 * PostgreSQL refuses to start while the process number in its lock file is taken, by whatever program. After a crash
 * that number may belong to a stranger: then the lock is void. A postmaster of ours has been ended before this.
 */
export function discardStaleLock(cluster: string): void {
  checkClusterVersion(cluster);
  const lock = join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n', 1)[0]);
  if (!(pid > 0) || !identityOf(pid) || !isPostgres(pid, cluster)) rmSync(lock, { force: true });
}

function isPostgres(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster);
  } catch {
    return true;
  }
}

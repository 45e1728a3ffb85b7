import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { SetupError } from './setup-error.js';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root lends it an account that exists already: initdb looks its user up by
 * name, which rules out a made-up number. An existing cluster goes on as whom it belongs to.
 * Undefined: run it as who we are.
 */
export function postgresAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner?.uid) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const passwd = readFileSync('/etc/passwd', 'utf8');
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] =
      passwd
        .split('\n')
        .map((line) => line.split(':'))
        .find(([name]) => name === wanted) ?? [];
    if (Number(uid) > 0) return { name: wanted, uid: Number(uid), gid: Number(gid) };
  }
  throw new SetupError(
    'PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`.',
    'Start as an ordinary user, or create the user: useradd --system postgres',
  );
}

/** Whether the account may enter a folder (and all those above it); asked of the system itself, so ACLs count too. */
export function canEnter(dir: string, account: Account | undefined): boolean {
  return allowed('cd "$1"', dir, account);
}

export function canRun(program: string, account: Account | undefined): boolean {
  return allowed('test -r "$1" && test -x "$1"', program, account);
}

function allowed(test: string, path: string, account: Account | undefined): boolean {
  const as = account && { uid: account.uid, gid: account.gid };
  return spawnSync('/bin/sh', ['-c', test, 'sh', path], { cwd: '/', stdio: 'ignore', ...as }).status === 0;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '#contracts/context';
import { writePrivately } from './whole-file.js';
import { newPassword } from './secrets.js';
import { SetupError } from './setup-error.js';

export interface DemoAccount {
  username: string;
  password: string;
  role: Role;
}

/** What auth's seed command reads. */
export interface SeedAccount extends DemoAccount {
  displayName: string;
  team?: string;
}

type Demo = [username: string, role: Role, displayName: string, team?: string];
const [FIRST, SECOND] = ['销售一部', '销售二部'];
const sales = (n: string, team: string): Demo => [`sales${n}`, 'salesperson', `销售${n}`, team];
const DEMO: readonly Demo[] = [
  ['admin', 'administrator', '管理员'],
  ['finance', 'finance', '财务'],
  ['manager', 'manager', '主管', FIRST],
  ...['01', '02', '03'].map((n) => sales(n, FIRST)),
  ...['04', '05'].map((n) => sales(n, SECOND)),
];

/**
 * The demo accounts with their passwords, made once. They are on disk before any of them is created, so that a crash
 * in between loses no password.
 */
export function demoAccounts(dataDir: string): SeedAccount[] {
  const file = join(dataDir, 'demo-accounts.json');
  const known = readDemoAccounts(dataDir) ?? [];
  const accounts = DEMO.map(([username, role, displayName, team]) => {
    const password = known.find((account) => account.username === username)?.password ?? newPassword(12);
    return { username, password, role, displayName, ...(team && { team }) };
  });
  const kept = accounts.map(({ username, password, role }): DemoAccount => ({ username, password, role }));
  writePrivately(file, `${JSON.stringify(kept, null, 2)}\n`);
  return accounts;
}

/** As they were created; undefined in a data folder without them. */
export function readDemoAccounts(dataDir: string): DemoAccount[] | undefined {
  const file = join(dataDir, 'demo-accounts.json');
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[];
  } catch (error) {
    throw new SetupError(`${file} can't be read.`, 'Remove it if the passwords in it are known otherwise.', error);
  }
}

/** The one account that an empty start begins with. */
export function firstAdministrator(env: NodeJS.ProcessEnv): SeedAccount {
  const { HFX_ADMIN_USERNAME: username, HFX_ADMIN_PASSWORD: password } = env;
  if (username && password) return { username, password, role: 'administrator', displayName: username };
  throw new SetupError(
    'HFX_DEMO=0 starts without demo accounts, so the first administrator has to be named.',
    'Set HFX_ADMIN_USERNAME and HFX_ADMIN_PASSWORD for the first start on a new data folder.',
  );
}

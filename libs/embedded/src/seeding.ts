import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoAccounts, firstAdministrator, type SeedAccount } from './accounts.js';
import { writePrivately } from './whole-file.js';

const marker = (dataDir: string) => join(dataDir, 'seeded.json');

/** The accounts that a new data folder begins with; undefined in one that has had its own. */
export function accountsToSeed(dataDir: string, env: NodeJS.ProcessEnv, demo: boolean): SeedAccount[] | undefined {
  if (existsSync(marker(dataDir))) return undefined;
  return demo ? demoAccounts(dataDir) : [firstAdministrator(env)];
}

/** Has them created by `command`, which skips those that exist: a crash in between is made good by the next start. */
export async function seed(dataDir: string, accounts: SeedAccount[], command: (file: string) => Promise<void>) {
  const file = join(dataDir, 'run/seed.accounts');
  try {
    writePrivately(file, JSON.stringify(accounts));
    await command(file);
  } finally {
    rmSync(file, { force: true });
  }
  writePrivately(marker(dataDir), `${JSON.stringify({ accounts: accounts.map(({ username }) => username) })}\n`);
}

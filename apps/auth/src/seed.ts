/** Command: creates the accounts that the file names, unless they exist. */
import { readFile } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '#platform/clock';
import { databaseConfig, loadConfig } from '#platform/config';
import { options } from './data-source.js';
import { SeedAccounts, seedAccounts } from './seeding.js';

const config = loadConfig(z.object({ ...databaseConfig, HFX_SEED_FILE: z.string().min(1) }));
const accounts = SeedAccounts.safeParse(JSON.parse(await readFile(config.HFX_SEED_FILE, 'utf8')));
if (!accounts.success) throw new Error(`The accounts can't be created:\n${z.prettifyError(accounts.error)}`);

const dataSource = await new DataSource(options(config)).initialize();
try {
  const created = await seedAccounts(accounts.data, dataSource, new Clock('UTC'));
  process.stdout.write(`Created: ${created.join(', ') || 'none, they were all there'}\n`);
} finally {
  await dataSource.destroy();
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writePrivately } from './whole-file.js';

/** Beside the database, so that both come and go together. */
const marker = (dataDir: string) => join(dataDir, 'postgres/migrated');

/**
 * Runs the services' migrations, unless these very ones have run on this data folder: four processes that find nothing
 * to do take a good part of a start.
 */
export async function migrateOnce(dataDir: string, scripts: string[], migrate: () => Promise<unknown>): Promise<void> {
  const fingerprint = fingerprintOf(scripts);
  if (existsSync(marker(dataDir)) && readFileSync(marker(dataDir), 'utf8') === fingerprint) return;
  await migrate();
  writePrivately(marker(dataDir), fingerprint);
}

/** Of the commands, and of the migrations that stand beside them. */
function fingerprintOf(scripts: string[]): string {
  const hash = createHash('sha256');
  for (const script of scripts) {
    hash.update(readFileSync(script));
    const folder = join(dirname(script), '../migrations');
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

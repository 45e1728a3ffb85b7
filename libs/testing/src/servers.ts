/**
 * Started by jest's global setup as a process of its own: one PostgreSQL and one NATS server for all test files. Prints
 * where they are as one line of JSON, and stops them when standard input ends, however jest came to its end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '#embedded/nats';
import { startPostgres } from '#embedded/postgres';
import { newSecrets } from '#embedded/secrets';
import type { TestServers } from './test-servers.js';

const dataDir = mkdtempSync(join(tmpdir(), 'hongfuxing-test-'));
const secrets = newSecrets();
const report = (line: string) => process.stderr.write(`${line}\n`);
const starting = [
  startPostgres({ dataDir, password: secrets.postgres, durable: false, report }),
  startNats({ dataDir, passwords: secrets.nats, durable: false, report }),
] as const;
const [postgres, nats] = await Promise.all(starting).catch(async (error: unknown) => {
  for (const started of await Promise.allSettled(starting))
    if (started.status === 'fulfilled') await started.value.stop();
  throw error;
});

async function stop() {
  await Promise.all([nats.stop(), postgres.stop()]);
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(0);
}
process.stdin.resume().once('end', () => void stop());
process.once('SIGTERM', () => void stop());
// Ctrl-C reaches the whole process group; jest decides when it is over.
process.on('SIGINT', () => {});

const servers: TestServers = {
  postgresUrl: postgres.adminUrl,
  roles: secrets.roles,
  natsUrl: nats.url,
  natsPasswords: secrets.nats,
};
process.stdout.write(`${JSON.stringify(servers)}\n`);

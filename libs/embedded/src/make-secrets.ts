/**
 * Command: `make-secrets <folder>` makes the passwords of a new installation, once, and lays out in a folder for each
 * part what that part alone may know: it is given that folder and no other. Used by docker-compose.yml.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '#contracts/rpc';
import { natsConfig } from './nats-config.js';
import { writeWhole } from './whole-file.js';
import { DATABASE_SERVICES, DEFAULT_DATABASE, runtimeRole } from './provision-sql.js';
import { loadSecrets } from './secrets.js';

const folder = process.argv[2];
if (!folder) throw new Error('Usage: make-secrets <folder>');

const { postgres, authKey, roles, nats } = loadSecrets(folder);
const config = { port: 4222, host: '0.0.0.0', monitoring: '0.0.0.0:8222', storeDir: '/data/jetstream' };
give('postgres', 'password', postgres);
give('nats', 'server.conf', natsConfig({ ...config, passwords: nats }));
give('auth', 'auth-key-secret', authKey);
for (const service of SERVICES) give(service, 'nats-password', nats[service]);
for (const service of DATABASE_SERVICES) {
  const role = `${runtimeRole(service)}:${roles[service].runtime}`;
  give(service, 'database-url', `postgres://${role}@postgres:5432/${DEFAULT_DATABASE}`);
}

/** Readable for whoever runs the part: nobody else has the folder. */
function give(part: string, name: string, content: string): void {
  mkdirSync(join(folder as string, part), { recursive: true, mode: 0o755 });
  writeWhole(join(folder as string, part, name), content, 0o444);
}

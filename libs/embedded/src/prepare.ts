/**
 * Command: `prepare <folder of make-secrets>` makes a new PostgreSQL and NATS fit for the services, and brings those of
 * an older release up to date: roles and schemas, streams, migrations, and the first accounts. Again does no harm.
 * Environment: `POSTGRES_HOST`, `NATS_URL`; `HFX_DEMO=0` with the first administrator, as for `npm start`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { provideStreams } from '#messaging/provide-streams';
import { runCommand } from './commands.js';
import { builtProgram, repositoryRoot, type Program } from './programs.js';
import { provision } from './provision.js';
import { DATABASE_SERVICES, DEFAULT_DATABASE, ownerRole, runtimeRole, type DatabaseService } from './provision-sql.js';
import { loadSecrets } from './secrets.js';
import { accountsToSeed, seed } from './seeding.js';

const folder = z.string('Usage: prepare <folder>').parse(process.argv[2]);
const { POSTGRES_HOST, NATS_URL } = z.object({ POSTGRES_HOST: z.string(), NATS_URL: z.string() }).parse(process.env);
const { postgres, roles, nats } = loadSecrets(folder);
const urlOf = (role: string, password: string, database: string) =>
  `postgres://${role}:${password}@${POSTGRES_HOST}:5432/${database}`;

await provision(urlOf('postgres', postgres, 'postgres'), { passwords: roles });
await provideStreams({ servers: NATS_URL, user: 'ops', pass: nats.ops });
for (const service of DATABASE_SERVICES) {
  await run(service, 'migrate', urlOf(ownerRole(service), roles[service].owner, DEFAULT_DATABASE));
}
const demo = process.env.HFX_DEMO !== '0';
const accounts = accountsToSeed(folder, process.env, demo);
if (accounts) {
  mkdirSync(join(folder, 'run'), { recursive: true, mode: 0o700 });
  await seed(folder, accounts, async (file) => {
    await run('auth', 'seed', runtimeUrl('auth'), { HFX_SEED_FILE: file });
    if (demo) await run('customers', 'seed', runtimeUrl('customers'));
  });
}

function runtimeUrl(service: DatabaseService): string {
  return urlOf(runtimeRole(service), roles[service].runtime, DEFAULT_DATABASE);
}

async function run(service: DatabaseService, program: Program, databaseUrl: string, more: NodeJS.ProcessEnv = {}) {
  const logFile = join(tmpdir(), `${service}-${program}.log`);
  const env = { ...process.env, ...more, DATABASE_URL: databaseUrl };
  const script = builtProgram(service, program);
  await runCommand({ what: `${service}: ${program}`, script, env, cwd: repositoryRoot(), logFile, within: 600_000 });
  process.stdout.write(`${service}: ${program} done\n${readFileSync(logFile, 'utf8')}`);
}

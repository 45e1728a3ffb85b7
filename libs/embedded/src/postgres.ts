import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { cacheDir } from './cache-dir.js';
import { rotateLog } from './logs.js';
import { freePort } from './ports.js';
import { postgresAccount } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { createCluster, discardStaleLock, removeHalfMadeCluster } from './postgres-cluster.js';
import { SHARED_STATE, postgresHome } from './postgres-home.js';
import { SetupError } from './setup-error.js';
import { SupervisedProcess } from './supervised-process.js';

export const POSTGRES_SUPERUSER = 'postgres';

export interface PostgresOptions {
  /** Everything is kept below it: `postgres/`, `logs/`, `run/`. */
  dataDir: string;
  /** Of the superuser `postgres`; set when the data is created, asked for ever after. */
  password: string;
  port?: number;
  /** false: don't force anything to disk (tests). */
  durable?: boolean;
  env?: NodeJS.ProcessEnv;
  report?: (line: string) => void;
}

export interface RunningPostgres {
  host: string;
  port: number;
  /** Of the superuser, on the maintenance database. */
  adminUrl: string;
  url(user: string, password: string, database: string): string;
  process: SupervisedProcess;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on 127.0.0.1; after a death it comes back on the same port and data. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, password, durable = true, env = process.env, report = () => {} } = options;
  const account = postgresAccount(join(dataDir, 'postgres/data'));
  const native = postgresBinaries(account, account ? SHARED_STATE : cacheDir(dataDir, env), report);
  for (const needed of ['logs', 'run']) mkdirSync(join(dataDir, needed), { recursive: true, mode: 0o700 });
  const home = postgresHome(dataDir, account, report);
  const cluster = join(home, 'data');
  const logFile = join(dataDir, 'logs/postgres.log');
  rotateLog(logFile);
  removeHalfMadeCluster(home);
  if (!existsSync(cluster)) {
    report('creating the database …');
    await createCluster({ native, home, account, password, durable });
  }
  const port = options.port ?? (await freePort());
  const url = (user: string, pass: string, database: string) =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@127.0.0.1:${port}/${database}`;
  const adminUrl = url(POSTGRES_SUPERUSER, password, 'postgres');
  const server = new SupervisedProcess({
    name: 'postgres',
    command: join(native, 'bin/postgres'),
    args: ['-D', cluster, ...settings(port, durable)],
    env: { PATH: env.PATH, LC_ALL: 'C.UTF-8' },
    cwd: '/',
    account: account && { uid: account.uid, gid: account.gid },
    // "Fast": it ends its connections, and writes everything down.
    orphan: 'SIGINT',
    logFile,
    recordFile: join(dataDir, 'run/postgres.json'),
    prepare: () => discardStaleLock(cluster),
    ready: () => asksFine(adminUrl),
    // It may have to recover from a crash first.
    readyWithin: 120_000,
    stop: [
      ['SIGINT', 30_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ],
    report,
  });
  try {
    await server.start();
    await checkServer(adminUrl, logFile);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { host: '127.0.0.1', port, adminUrl, url, process: server, stop: () => server.stop() };
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // A commit is still written, if not forced to disk: a server that is killed loses nothing, only the machine would.
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 3_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows[0];
  } finally {
    await client.end().catch(() => {});
  }
}

const WRONG_PASSWORD = '28P01';

/** Whether it takes connections. A refused password is an answer too; `checkServer` says what it means. */
async function asksFine(url: string): Promise<boolean> {
  try {
    await ask(url, 'SELECT 1');
    return true;
  } catch (error) {
    return (error as { code?: string }).code === WRONG_PASSWORD;
  }
}

async function checkServer(url: string, logFile: string): Promise<void> {
  const found = await ask<{ encoding: string; locale: string }>(
    url,
    `SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS locale FROM pg_database
     WHERE datname = 'template0'`,
  ).catch((error: unknown) => {
    if ((error as { code?: string }).code !== WRONG_PASSWORD) throw error;
    throw new SetupError(
      'The data folder is broken: its database refuses the password in secrets.json.',
      `Bring back the secrets.json that belongs to it, or remove the whole data folder to begin anew. Log: ${logFile}`,
    );
  });
  if (found?.encoding === 'UTF8' && found.locale === 'C.UTF-8') return;
  throw new SetupError(
    `The database's encoding is ${found?.encoding} and its locale ${found?.locale}, not UTF8 and C.UTF-8.`,
    'Remove the whole data folder to begin anew, or set the DATABASE_URLs to a server of yours.',
  );
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { provideStreams } from '#messaging/provide-streams';
import { rotateLog } from './logs.js';
import { natsConfig, type NatsPasswords, type NatsUser } from './nats-config.js';
import { findNatsServer, type NatsBinary } from './nats-server.js';
import { cacheDir } from './cache-dir.js';
import { freePort } from './ports.js';
import { suffices } from './nats-version.js';
import { SupervisedProcess } from './supervised-process.js';

export interface NatsOptions {
  /** Everything is kept below it: `nats/`, `logs/`, `run/`. */
  dataDir: string;
  passwords: NatsPasswords;
  port?: number;
  durable?: boolean;
  binary?: NatsBinary;
  env?: NodeJS.ProcessEnv;
  report?: (line: string) => void;
}

export interface RunningNats {
  url: string;
  port: number;
  version: string;
  process: SupervisedProcess;
  credentials(user: NatsUser): { user: string; pass: string };
  stop(): Promise<void>;
}

/** Starts a NATS server with JetStream on disk; after a death it comes back on the same port and data. */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const { dataDir, passwords, durable = true, env = process.env, report = () => {} } = options;
  const binary = options.binary ?? (await findNatsServer({ cacheDir: cacheDir(dataDir, env), env, report }));
  const port = options.port ?? (await freePort());
  const url = `nats://127.0.0.1:${port}`;
  const dir = join(dataDir, 'nats');
  for (const needed of [dir, join(dataDir, 'logs'), join(dataDir, 'run')]) {
    mkdirSync(needed, { recursive: true, mode: 0o700 });
  }
  const config = join(dir, 'server.conf');
  writeFileSync(config, natsConfig({ port, storeDir: join(dir, 'jetstream'), passwords, durable }), { mode: 0o600 });
  const logFile = join(dataDir, 'logs/nats.log');
  rotateLog(logFile);
  const server = new SupervisedProcess({
    name: 'nats',
    command: binary.path,
    args: ['--config', config],
    env: { PATH: env.PATH },
    cwd: dir,
    orphan: 'SIGTERM',
    logFile,
    recordFile: join(dataDir, 'run/nats.json'),
    ready: () => serverInfo(port).then((info) => info.jetstream === true && suffices(info.version)),
    // After each spawn: its store may have been lost meanwhile.
    settle: () => provideStreams({ servers: url, user: 'ops', pass: passwords.ops }),
    readyWithin: 30_000,
    stop: [
      ['SIGTERM', 10_000],
      ['SIGKILL', 5_000],
    ],
    report,
  });
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url,
    port,
    version: binary.version,
    process: server,
    credentials: (user) => ({ user, pass: passwords[user] }),
    stop: () => server.stop(),
  };
}

interface ServerInfo {
  version: string;
  jetstream?: boolean;
}

/** What the server says to every client first: `INFO {...}`. It says so only once it takes connections. */
function serverInfo(port: number): Promise<ServerInfo> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let greeting = '';
    socket.setTimeout(2_000, () => socket.destroy(new Error('no greeting')));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      greeting += chunk;
      const info = /^INFO (\{.*\})\s*\r\n/.exec(greeting)?.[1];
      if (!info) return;
      socket.destroy();
      resolve(JSON.parse(info) as ServerInfo);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}

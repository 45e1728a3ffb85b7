import type { ServiceName } from '#contracts/rpc';
import type { ProvideStreamsOptions } from '#messaging/provide-streams';
import type { NatsUser } from './nats-config.js';
import { DATABASE_SERVICES, type DatabaseService } from './provision-sql.js';
import { SetupError } from './setup-error.js';

export interface DatabaseUrls {
  runtime: string;
  owner: string;
}

const isDatabaseService = (service: ServiceName): service is DatabaseService => service !== 'gateway';

/** The real servers that the environment names; undefined: the embedded one is meant. All services, or none. */
export function externalDatabases(env: NodeJS.ProcessEnv): Record<DatabaseService, DatabaseUrls> | undefined {
  const nameOf = (service: string) => `${service.toUpperCase()}_DATABASE_URL`;
  const missing = DATABASE_SERVICES.map(nameOf).filter((name) => !env[name]);
  if (missing.length === DATABASE_SERVICES.length) return undefined;
  if (missing.length > 0) {
    throw new SetupError(
      `Some services' databases are named, but not those of: ${missing.join(', ')}`,
      'Set the DATABASE_URL of every service, or of none to use the embedded PostgreSQL.',
    );
  }
  return Object.fromEntries(
    DATABASE_SERVICES.map((service) => {
      const runtime = env[nameOf(service)] ?? '';
      return [service, { runtime, owner: env[`${service.toUpperCase()}_MIGRATION_DATABASE_URL`] ?? runtime }];
    }),
  ) as Record<DatabaseService, DatabaseUrls>;
}

export interface NatsAccess {
  url: string;
  user?: string;
  password?: string;
}

/** A NATS server that runs elsewhere, with a credential for each service (`AUTH_NATS_USER`, …) or one for all. */
export function externalNats(env: NodeJS.ProcessEnv): ((user: NatsUser) => NatsAccess) | undefined {
  const url = env.NATS_URL;
  if (!url) return undefined;
  return (user) => {
    const own = (name: string) => env[`${user.toUpperCase()}_${name}`] ?? env[name];
    return { url, user: own('NATS_USER'), password: own('NATS_PASSWORD') };
  };
}

/** Who makes the streams there, which no service may: `OPS_NATS_USER`. */
export function streamsProvider(access: (user: NatsUser) => NatsAccess, env: NodeJS.ProcessEnv): ProvideStreamsOptions {
  const { url, user, password } = access('ops');
  return { servers: url.split(','), user, pass: password, replicas: Number(env.NATS_REPLICAS ?? 1) };
}

/** What one service is started with; its health port is picked at each start. It gets no other service's secrets, nor those of the first administrator. */
export function serviceEnvironment(
  service: ServiceName,
  outer: NodeJS.ProcessEnv,
  given: {
    nats: NatsAccess;
    databases: Record<DatabaseService, DatabaseUrls>;
    authKey: string;
    dataDir: string;
    /** The gateway's address. */
    url: string;
  },
): NodeJS.ProcessEnv {
  const { nats, databases, authKey, dataDir, url } = given;
  const env: NodeJS.ProcessEnv = {
    ...harmless(outer),
    SERVICE_NAME: service,
    NATS_URL: nats.url,
    LOG_LEVEL: outer.LOG_LEVEL ?? 'info',
    HFX_ORG_TIME_ZONE: outer.HFX_ORG_TIME_ZONE ?? 'Asia/Shanghai',
    // It ends itself when its standard input does: then this supervisor is gone.
    HFX_SUPERVISED: '1',
    // Newer Node keeps compiled code there, which makes the next start faster.
    NODE_COMPILE_CACHE: outer.NODE_COMPILE_CACHE ?? `${dataDir}/cache/node`,
  };
  if (nats.user) Object.assign(env, { NATS_USER: nats.user, NATS_PASSWORD: nats.password ?? '' });
  if (isDatabaseService(service)) env.DATABASE_URL = databases[service].runtime;
  // Nobody balances the load on one machine.
  if (service === 'gateway') env.DRAIN_MS = outer.DRAIN_MS ?? '0';
  if (service === 'auth') env.AUTH_KEY_SECRET = outer.AUTH_KEY_SECRET ?? authKey;
  if (service === 'billing') {
    env.MAIL_DIR = `${dataDir}/mail`;
    // What its mails link to.
    env.PUBLIC_URL = outer.PUBLIC_URL ?? url;
    for (const name of ['SMTP_URL', 'MAIL_FROM']) if (outer[name]) env[name] = outer[name];
  }
  return env;
}

const SECRET_OR_OURS =
  /DATABASE_URL$|NATS_|^HFX_ADMIN_|^AUTH_KEY_SECRET$|^(PORT|HOST|DATA_DIR|SMTP_URL|MAIL_FROM)$|^npm_/;

/** The outer environment without addresses, secrets and what npm adds; the rest may tune any service. */
export function harmless(outer: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(outer).filter(([name]) => name === 'NATS_REPLICAS' || !SECRET_OR_OURS.test(name)),
  );
}

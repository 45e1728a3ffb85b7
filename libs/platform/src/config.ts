import { readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** What every service reads from its environment. */
export const baseConfig = {
  SERVICE_NAME: z.string().min(1),
  NATS_URL: z.string().min(1),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: z.string().optional(),
  /** JetStream replicas of what this service creates. */
  NATS_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  /** Health and metrics; never exposed to the outside. */
  HEALTH_PORT: port,
  HEALTH_HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** Where the organisation's "today" is. */
  HFX_ORG_TIME_ZONE: z.string().default('Asia/Shanghai').refine(isTimeZone, 'Not a time zone such as Asia/Shanghai'),
  /** Set by a supervisor that holds standard input open: the service ends when the supervisor is gone. */
  HFX_SUPERVISED: z.stringbool().default(false),
};

export const databaseConfig = {
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(10),
  /** After so long without a sign of life during a statement a connection is given up for dead, ms. */
  DATABASE_SILENCE_MS: z.coerce.number().int().min(5_000).optional(),
};

export type BaseConfig = z.output<z.ZodObject<typeof baseConfig>>;
export type DatabaseConfig = z.output<z.ZodObject<typeof databaseConfig>>;

/** Secrets, which may be kept in a file: `DATABASE_URL_FILE` names the one that holds `DATABASE_URL`. */
const SECRETS = ['DATABASE_URL', 'NATS_PASSWORD', 'AUTH_KEY_SECRET', 'SMTP_URL'];

/** Reads the environment, or ends the process with every fault named. */
export function loadConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.output<S> {
  const result = schema.safeParse({ ...env, ...secretsOfFiles(env) });
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not fit to start with:\n${faults.join('\n')}`);
}

function secretsOfFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const files = SECRETS.map((name) => [name, env[`${name}_FILE`]] as const);
  return Object.fromEntries(files.flatMap(([name, file]) => (file ? [[name, readFileSync(file, 'utf8').trim()]] : [])));
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

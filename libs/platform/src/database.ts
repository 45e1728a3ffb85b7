import type { DataSourceOptions } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import type { DatabaseConfig } from './config.js';
import { watchedClient } from './watched-client.js';

/** Longer than any statement takes, upkeep over a large table included, ms. */
const SILENCE = 60_000;

interface Mapped {
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
}

/** Connection options of a serving process: bounded waits everywhere, and never a change of the schema. */
export function dataSourceOptions(service: string, config: DatabaseConfig, { entities, migrations }: Mapped) {
  return {
    type: 'postgres',
    url: config.DATABASE_URL,
    applicationName: service,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    // Each migration alone: one may then create an index concurrently.
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: config.DATABASE_POOL,
    connectTimeoutMS: 3_000,
    extra: {
      statement_timeout: 4_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
      Client: watchedClient(config.DATABASE_SILENCE_MS ?? SILENCE),
    },
    // A failed query is reported by whoever handles its error; TypeORM's own line would show the parameters.
    logging: false,
  } as const satisfies DataSourceOptions;
}

/** The name of the unique constraint or index that a write ran into, if that is what happened. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' ? constraint : undefined;
}

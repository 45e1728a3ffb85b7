import { createHash } from 'node:crypto';
import { DatabaseError, type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { QueryFailedError, type DataSourceOptions, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
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

/**
 * Runs a statement that is often run and whose best plan is the same for all parameters: each connection parses and
 * plans it but once. Not for lists, whose plan depends on whose list it is.
 */
export async function prepared<R>(tx: EntityManager, text: string, values: unknown[]): Promise<R[]> {
  const { queryRunner, dataSource } = tx;
  const pool = (dataSource.driver as PostgresDriver).master as Pool;
  const client = queryRunner ? ((await queryRunner.connect()) as PoolClient) : pool;
  const { rows } = await client.query<R & QueryResultRow>({ name: nameOf(text), text, values });
  return rows;
}

const names = new Map<string, string>();

/** One name for one text, and short enough for PostgreSQL. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) names.set(text, (name = createHash('sha256').update(text).digest('base64url')));
  return name;
}

/** The name of the unique constraint or index that a write ran into, if that is what happened. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(cause instanceof DatabaseError)) return undefined;
  const { code, constraint } = cause;
  return code === '23505' ? constraint : undefined;
}

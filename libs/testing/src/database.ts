import { createHash } from 'node:crypto';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MixedList } from 'typeorm';
import { provision } from '#embedded/provision';
import { ownerRole, runtimeRole, type DatabaseService } from '#embedded/provision-sql';
import { testServers } from './test-servers.js';

type Migration = new () => { up(...args: never[]): Promise<unknown> };

export interface TestDatabaseOptions {
  service: DatabaseService;
  migrations: Migration[];
  entities: MixedList<NonNullable<DataSourceOptions['entities']> extends MixedList<infer E> ? E : never>;
}

export interface TestDatabase {
  /** As the serving process sees it. `SET LOCAL app.now = '…'` sets the database's clock. */
  dataSource: DataSource;
  /** As the schema's owner. */
  ownerDataSource: DataSource;
  url: string;
  ownerUrl: string;
  close(): Promise<void>;
}

/** A fresh database for this test file, migrated, made from a template in some hundredths of a second. */
export async function testDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const { roles } = testServers();
  const { service, entities } = options;
  const template = await templateOf(options);
  const name = `t_${service}_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await asAdministrator((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));

  const url = urlOf(runtimeRole(service), roles[service].runtime, name);
  const ownerUrl = urlOf(ownerRole(service), roles[service].owner, name);
  const open = (as: string) =>
    new DataSource({
      type: 'postgres',
      url: as,
      entities,
      poolSize: 10,
      extra: { statement_timeout: 20_000 },
    }).initialize();
  const [dataSource, ownerDataSource] = await Promise.all([open(url), open(ownerUrl)]);
  return {
    dataSource,
    ownerDataSource,
    url,
    ownerUrl,
    async close() {
      await Promise.all([dataSource, ownerDataSource].filter((one) => one.isInitialized).map((one) => one.destroy()));
      await asAdministrator((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** What the entities would still change in the migrated schema: nothing, if both agree. */
export async function driftOf({ ownerDataSource }: TestDatabase): Promise<string[]> {
  const log = await ownerDataSource.driver.createSchemaBuilder().log();
  return log.upQueries.map(({ query }) => query);
}

async function templateOf({ service, migrations }: TestDatabaseOptions): Promise<string> {
  const { roles, postgresUrl } = testServers();
  const sources = migrations.map((migration) => `${migration.name} ${migration.toString()}`);
  const hash = createHash('sha256').update(sources.join('\n')).digest('hex').slice(0, 12);
  const template = `template_${service}_${hash}`;
  await asAdministrator(async (admin) => {
    await admin.query(`SELECT pg_advisory_lock(hashtext($1))`, [template]);
    const ready = await admin.query(`SELECT FROM pg_database WHERE datname = $1 AND datistemplate`, [template]);
    if (ready.rowCount) return;
    await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await provision(postgresUrl, { database: template, passwords: roles, testClock: true });
    const owner = await new DataSource({
      type: 'postgres',
      url: urlOf(ownerRole(service), roles[service].owner, template),
      migrations: migrations as never,
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
    }).initialize();
    try {
      await owner.runMigrations();
    } finally {
      await owner.destroy();
    }
    await admin.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true`);
  });
  return template;
}

async function asAdministrator<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: testServers().postgresUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(user: string, password: string, database: string): string {
  const url = new URL(testServers().postgresUrl);
  url.username = user;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}

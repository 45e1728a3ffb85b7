import { DataSource, type DataSourceOptions } from 'typeorm';

/** The migration command: brings the schema up to date as its owner. Several at once wait for each other. */
export async function migrate(options: DataSourceOptions): Promise<string[]> {
  const dataSource = await new DataSource({ ...options, extra: {} }).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('migrations ' || current_schema()))`);
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
}

import pg from 'pg';
import { DEFAULT_DATABASE, provisionSql, type ProvisionOptions } from './provision-sql.js';

/**
 * Creates the database, its schemas and the services' roles, with an administrator's connection; again and again does
 * no harm. Answers the administrator's URL of that database.
 */
export async function provision(adminUrl: string, options: ProvisionOptions): Promise<string> {
  const sql = provisionSql(options);
  const name = options.database ?? DEFAULT_DATABASE;
  const databaseUrl = new URL(adminUrl);
  databaseUrl.pathname = `/${encodeURIComponent(name)}`;
  await connected(adminUrl, async (maintenance) => {
    // Roles belong to the whole cluster: two provisionings at once would change the same rows.
    await maintenance.query(`SELECT pg_advisory_lock(hashtext('hongfuxing provisioning'))`);
    await maintenance.query(sql.cluster);
    const existing = await maintenance.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (existing.rowCount === 0) await maintenance.query(sql.createDatabase);
    await connected(databaseUrl.href, (database) => database.query(`BEGIN; ${sql.contents} COMMIT`));
  });
  return databaseUrl.href;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 60_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

import { provisionEmbedded, type Databases } from '../src/databases.js';
import { startPostgres, type RunningPostgres } from '../src/postgres.js';
import { newSecrets } from '../src/secrets.js';
import { query } from './query.js';
import { tempDir } from './temp-dir.js';

const secrets = newSecrets();
const DENIED = { code: '42501' };

describe("the services' database", () => {
  let postgres: RunningPostgres;
  let adminUrl: string;
  let urls: Databases;

  beforeAll(async () => {
    postgres = await startPostgres({ dataDir: tempDir(), password: secrets.postgres, durable: false });
    ({ adminUrl, databases: urls } = await provisionEmbedded(postgres, secrets));
    await query(
      urls.auth.owner,
      'CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)',
      `CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql RETURN n * 2`,
    );
  });
  afterAll(() => postgres.stop());

  it('may be provisioned again, also by two at once', async () => {
    await Promise.all([provisionEmbedded(postgres, secrets), provisionEmbedded(postgres, secrets)]);
    expect(await query(urls.auth.runtime, 'SELECT count(*)::int AS n FROM users')).toEqual([{ n: 0 }]);
  });

  it("lets a service's runtime role read and write what its owner role makes", async () => {
    const rows = await query(
      urls.auth.runtime,
      `INSERT INTO users (name) VALUES ('a')`,
      `UPDATE users SET name = 'b'`,
      'SELECT name, twice(id) AS twice FROM users',
    );
    expect(rows).toEqual([{ name: 'b', twice: 2 }]);
    await query(urls.auth.runtime, 'DELETE FROM users');
  });

  it('lets no runtime role change the schema', async () => {
    await expect(query(urls.auth.runtime, 'CREATE TABLE more (n int)')).rejects.toMatchObject(DENIED);
    await expect(query(urls.auth.runtime, 'ALTER TABLE users ADD n int')).rejects.toMatchObject(DENIED);
    await expect(query(urls.auth.runtime, 'TRUNCATE users')).rejects.toMatchObject(DENIED);
    await expect(query(urls.auth.runtime, 'CREATE TEMP TABLE t (n int)')).rejects.toMatchObject(DENIED);
  });

  it.each(['runtime', 'owner'] as const)("keeps another service's %s role out", async (kind) => {
    await expect(query(urls.sales[kind], 'SELECT * FROM auth.users')).rejects.toMatchObject(DENIED);
    await expect(query(urls.sales[kind], 'SELECT auth.twice(1)')).rejects.toMatchObject(DENIED);
    await expect(query(urls.sales[kind], 'CREATE TABLE auth.mine (n int)')).rejects.toMatchObject(DENIED);
  });

  it('lets migrations take rights back', async () => {
    await query(urls.auth.owner, 'CREATE TABLE log (n int)', 'REVOKE UPDATE, DELETE ON log FROM hfx_auth');
    await query(urls.auth.runtime, 'INSERT INTO log VALUES (1)');
    await expect(query(urls.auth.runtime, 'UPDATE log SET n = 2')).rejects.toMatchObject(DENIED);
    await query(adminUrl, 'DROP TABLE auth.log');
  });

  it('lets nobody else connect, and gives the public nothing', async () => {
    await query(postgres.adminUrl, `CREATE ROLE stranger LOGIN PASSWORD 'a stranger'`);
    await expect(query(postgres.url('stranger', 'a stranger', 'hongfuxing'), 'SELECT 1')).rejects.toMatchObject(DENIED);
    const open = await query(
      adminUrl,
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
       CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
       WHERE p.pronamespace IN ('app'::regnamespace, 'auth'::regnamespace) AND acl.grantee = 0`,
    );
    expect(open).toEqual([]);
  });

  it('has the extensions for search, found without a prefix', async () => {
    await query(
      urls.customers.owner,
      'CREATE TABLE t (a int, s text)',
      'CREATE INDEX ON t USING gin (a, s gin_trgm_ops)',
    );
    expect(await query(urls.customers.runtime, `SELECT similarity('abc', 'abc') AS s`)).toEqual([{ s: 1 }]);
  });

  const moment = '2020-02-29T12:00:00.000Z';
  const askClock = [`SET app.now = '${moment}'`, 'SELECT app.now() AS at, now() AS really'] as const;

  it('has a clock that nobody can set', async () => {
    for (const url of [urls.sales.runtime, urls.sales.owner, adminUrl]) {
      const [row] = await query<{ at: Date; really: Date }>(url, ...askClock);
      expect(row?.at).toEqual(row?.really);
    }
  });

  it("has a clock that the services' roles can set in tests, and others can't", async () => {
    await provisionEmbedded(postgres, secrets, true);
    const [set] = await query<{ at: Date }>(urls.sales.runtime, ...askClock);
    expect(set?.at.toISOString()).toBe(moment);
    const [unset] = await query<{ at: Date; really: Date }>(
      urls.sales.runtime,
      'SELECT app.now() AS at, now() AS really',
    );
    expect(unset?.at).toEqual(unset?.really);

    await query(adminUrl, 'GRANT CONNECT ON DATABASE hongfuxing TO stranger', 'GRANT USAGE ON SCHEMA app TO stranger');
    await query(adminUrl, 'GRANT EXECUTE ON FUNCTION app.now() TO stranger');
    const stranger = postgres.url('stranger', 'a stranger', 'hongfuxing');
    const [row] = await query<{ at: Date; really: Date }>(stranger, ...askClock);
    expect(row?.at).toEqual(row?.really);

    await provisionEmbedded(postgres, secrets);
    const [fixed] = await query<{ at: Date; really: Date }>(urls.sales.runtime, ...askClock);
    expect(fixed?.at).toEqual(fixed?.really);
  });
});

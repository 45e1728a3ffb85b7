import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, type RunningPostgres } from '../src/postgres.js';
import { until } from '../src/wait.js';
import { query } from './query.js';
import { tempDir } from './temp-dir.js';

const password = 'a password for tests';

describe('the embedded PostgreSQL', () => {
  const dataDir = tempDir();
  let postgres: RunningPostgres;
  const start = async () => (postgres = await startPostgres({ dataDir, password, durable: false }));

  beforeAll(start);
  afterAll(() => postgres.stop());

  it('speaks UTF-8, in UTC, whatever the environment says', async () => {
    const [row] = await query<{ found: string[] }>(
      postgres.adminUrl,
      `SELECT array[current_setting('server_encoding'), current_setting('timezone'), datcollate] AS found
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row?.found).toEqual(['UTF8', 'UTC', 'C.UTF-8']);
  });

  it('listens on the loopback interface alone, and on no socket file', async () => {
    const [row] = await query<{ found: string[] }>(
      postgres.adminUrl,
      `SELECT array[current_setting('listen_addresses'), current_setting('unix_socket_directories')] AS found`,
    );
    expect(row?.found).toEqual(['127.0.0.1', '']);
    // Nobody else holds the port on the machine's other addresses.
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject).listen(postgres.port, '127.0.0.2', () => server.close(() => resolve()));
    });
  });

  it('asks for the password, which it keeps as a SCRAM secret', async () => {
    await expect(query(postgres.url('postgres', 'wrong', 'postgres'), 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
    const [row] = await query<{ secret: string }>(
      postgres.adminUrl,
      `SELECT rolpassword AS secret FROM pg_authid
      WHERE rolname = 'postgres'`,
    );
    expect(row?.secret).toMatch(/^SCRAM-SHA-256\$/);
    const hba = readFileSync(join(dataDir, 'postgres/data/pg_hba.conf'), 'utf8');
    expect(hba).not.toMatch(/^[^#].*\b(trust|password|md5)\s*$/m);
  });

  it('leaves no password file behind', () => {
    expect(existsSync(join(dataDir, 'postgres/password'))).toBe(false);
  });

  it('keeps its data over a stop and a start', async () => {
    await query(postgres.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    await postgres.stop();
    await start();
    expect(await query(postgres.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('comes back on the same port after kill -9', async () => {
    const { port } = postgres;
    const before = postgres.process.pid;
    postgres.process.kill('SIGKILL');
    expect(await until(30_000, () => postgres.process.pid !== undefined && postgres.process.pid !== before)).toBe(true);
    await postgres.process.waitReady();
    expect(postgres.port).toBe(port);
    expect(await query(postgres.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it("starts although a stranger now has the number in PostgreSQL's lock file, and leaves the stranger alone", async () => {
    await postgres.stop();
    writeFileSync(join(dataDir, 'postgres/data/postmaster.pid'), `${process.pid}\n/somewhere\n0\n1\n\n\n\n`);
    writeFileSync(join(dataDir, 'run/postgres.json'), JSON.stringify({ pid: process.pid, identity: 'another boot/1' }));
    await start();
    expect(await query(postgres.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('refuses a data folder of another major version, and says so', async () => {
    await postgres.stop();
    const file = join(realpathSync(join(dataDir, 'postgres')), 'data/PG_VERSION');
    writeFileSync(file, '17\n');
    await expect(start()).rejects.toThrow('The data folder was made by PostgreSQL 17; this is PostgreSQL 18.');
    writeFileSync(file, '18\n');
    await start();
  });

  it('says that the password does not belong to the data', async () => {
    await postgres.stop();
    const wrong = startPostgres({ dataDir, password: 'something else here', durable: false });
    await expect(wrong).rejects.toThrow('its database refuses the password in secrets.json');
    await start();
  });

  it('makes a new cluster after a crash during initdb', async () => {
    const other = tempDir();
    mkdirSync(join(other, 'postgres/data.new/base'), { recursive: true });
    const second = await startPostgres({ dataDir: other, password, durable: false });
    expect(await query(second.adminUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await second.stop();
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('runs for root as another user, also below a folder that others may not enter', async () => {
    const home = tempDir(); // mkdtemp makes it private
    const inner = join(home, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    const second = await startPostgres({ dataDir: inner, password, durable: false });
    const link = join(inner, 'postgres');
    try {
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      const uid = Number(execFileSync('stat', ['-c', '%u', `/proc/${second.process.pid}`], { encoding: 'utf8' }));
      expect(uid).toBeGreaterThan(0);
      expect(await query(second.adminUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    } finally {
      await second.stop();
      rmSync(realpathSync(link), { recursive: true });
    }
  });
});

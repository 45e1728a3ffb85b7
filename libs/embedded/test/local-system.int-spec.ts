import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDataDir } from '../src/data-dir.js';
import { LocalSystem, type LocalSystemOptions } from '../src/local-system.js';
import { freePort } from '../src/ports.js';
import { identityOf } from '../src/process-identity.js';
import type { ProgramPath } from '../src/programs.js';
import { describeFailure } from '../src/setup-error.js';
import { until } from '../src/wait.js';
import { query } from './query.js';
import { tempDir } from './temp-dir.js';

const fakes = join(dirname(fileURLToPath(import.meta.url)), 'fake');
const programs: ProgramPath = (_service, program) => join(fakes, `${program}.mjs`);

describe('the local system', () => {
  const dataDir = tempDir();
  const trace = join(tempDir(), 'trace');
  const lines: string[] = [];
  const traced = () => readFileSync(trace, 'utf8').trim().split('\n');
  const make = (options: Partial<LocalSystemOptions> = {}) =>
    new LocalSystem({
      dataDir,
      port: 0,
      durable: false,
      programs,
      env: { ...process.env, TRACE: trace, SALES_SECRET: 'x', HFX_ADMIN_PASSWORD: 'not for services' },
      replicas: { billing: 2 },
      report: (line) => lines.push(line),
      ...options,
    });
  let system: LocalSystem;

  beforeAll(async () => {
    writeFileSync(trace, '');
    system = make();
    await system.start();
  });
  afterAll(() => system.stop());

  it('migrates each database as its owner, then creates the demo accounts, then starts the services', () => {
    expect(traced().slice(0, 4).sort()).toEqual([
      'auth migrated as hfx_auth_owner',
      'billing migrated as hfx_billing_owner',
      'customers migrated as hfx_customers_owner',
      'sales migrated as hfx_sales_owner',
    ]);
    expect(traced()[4]).toBe('auth seeded admin finance manager sales01 sales02 sales03 sales04 sales05');
    expect(traced()[5]).toBe('customers seeded');
  });

  it('keeps the demo accounts and the secrets where only the owner can read them', () => {
    const accounts = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8')) as object[];
    expect(accounts).toHaveLength(8);
    expect(accounts[0]).toEqual({ username: 'admin', password: expect.any(String) as string, role: 'administrator' });
    for (const file of ['demo-accounts.json', 'secrets.json', 'nats/server.conf']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('gives each service its own credentials, and none of the others', async () => {
    const response = await fetch(`${system.healthUrl('sales')}/environment`);
    const env = (await response.json()) as Record<string, string>;
    expect(env).toMatchObject({ SERVICE_NAME: 'sales', NATS_USER: 'sales', HFX_SUPERVISED: '1', SALES_SECRET: 'x' });
    expect(new URL(env.DATABASE_URL ?? '').username).toBe('hfx_sales');
    expect(env).not.toHaveProperty('HFX_ADMIN_PASSWORD');
    const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { nats: Record<string, string> };
    for (const [user, password] of Object.entries(secrets.nats)) {
      if (user !== 'sales') expect(Object.values(env)).not.toContain(password);
    }
    const gateway = (await (await fetch(`${system.url}/environment`)).json()) as Record<string, string>;
    expect(gateway).not.toHaveProperty('DATABASE_URL');
    expect(gateway).not.toHaveProperty('AUTH_KEY_SECRET');
  });

  it.each(['customers', 'billing-2', 'nats', 'postgres'])('starts %s again after kill -9', async (name) => {
    const { pid } = system.process(name);
    system.process(name).kill('SIGKILL');
    expect(await until(30_000, () => ![undefined, pid].includes(system.process(name).pid))).toBe(true);
    await system.process(name).waitReady();
    expect(lines.some((line) => line.startsWith(`${name} stopped (killed by SIGKILL)`))).toBe(true);
  });

  it('refuses a second supervisor on the same data folder, and names the first', async () => {
    await expect(make().start()).rejects.toThrow(
      `It is running already on this data folder: process ${process.pid}, ${system.url}`,
    );
    expect(await system.process('auth').isReady()).toBe(true);
  });

  it('runs side by side with another copy', async () => {
    const other = make({ dataDir: tempDir() });
    await other.start();
    expect(other.url).not.toBe(system.url);
    expect(await query(other.databases.auth.runtime, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await other.stop();
  });

  it('stops the gateway first, and starts again with the same accounts and no new seed', async () => {
    const { accounts } = system;
    writeFileSync(trace, '');
    const all = ['gateway', 'auth', 'nats', 'postgres'].map((name) => system.process(name).pid ?? 0);
    await system.stop();
    expect(traced()[0]).toBe('gateway stopped');
    expect(traced()).toHaveLength(6);
    expect(all.map((pid) => identityOf(pid))).toEqual([undefined, undefined, undefined, undefined]);
    writeFileSync(trace, '');
    system = make();
    await system.start();
    expect(system.accounts).toEqual(accounts);
    expect(traced().filter((line) => line.includes(' seeded'))).toEqual([]);
    expect(traced().filter((line) => line.includes(' migrated'))).toEqual([]);
  });
});

describe('a start that fails', () => {
  const fails = (options: Partial<LocalSystemOptions>) =>
    expect(new LocalSystem({ dataDir: tempDir(), port: 0, durable: false, programs, ...options }).start()).rejects;

  it('says that the port is taken, before anything is made', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as AddressInfo;
    const lines: string[] = [];
    await fails({ port, report: (line) => lines.push(line) }).toThrow(
      `Port ${port} is taken by another program.\n  Stop that program, or choose another port: PORT=${port + 1}`,
    );
    expect(lines).toEqual([]);
    squatter.close();
  });

  it('shows the last log lines of a service that dies, and leaves nothing running', async () => {
    const dataDir = tempDir();
    await fails({ dataDir, extraEnv: { sales: { CRASH: 'sales' } } }).toThrow(
      /^sales can't be started \(exit code 7\)\. Its last log lines:\n( {2}\|.*\n)* {2}\| sales has no reason to go on\n {2}The whole log is in .*sales\.log$/,
    );
    const retry = new LocalSystem({ dataDir, port: 0, durable: false, programs });
    await retry.start();
    await retry.stop();
  });

  it('keeps the passwords when it fails while the accounts are being created', async () => {
    const dataDir = tempDir();
    await fails({ dataDir, extraEnv: { auth: { CRASH: 'seed' } } }).toThrow('seed.mjs failed (exit code 1)');
    const retry = new LocalSystem({ dataDir, port: 0, durable: false, programs });
    const before = retry.accounts;
    await retry.start();
    expect(before).toHaveLength(8);
    expect(retry.accounts).toEqual(before);
    await retry.stop();
  });

  it('asks for the first administrator when there is to be no demo', () =>
    fails({ demo: false, env: { PATH: process.env.PATH } }).toThrow('Set HFX_ADMIN_USERNAME and HFX_ADMIN_PASSWORD'));

  it('asks for all DATABASE_URLs or none', () =>
    fails({ env: { ...process.env, AUTH_DATABASE_URL: 'postgresql://x' } }).toThrow(
      "Some services' databases are named, but not those of: CUSTOMERS_DATABASE_URL, SALES_DATABASE_URL, BILLING_DATABASE_URL",
    ));

  it('says that secrets.json is broken', () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'secrets.json'), '{"postgres":');
    return fails({ dataDir }).toThrow(/^The data folder is broken: .*secrets\.json can't be read/);
  });

  it('says that the disk is full', () => {
    expect(() => openDataDir(tempDir(), Number.MAX_SAFE_INTEGER)).toThrow(/^The disk is full: \d+ MB are left for /);
    const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    expect(describeFailure(new Error('wrapped', { cause: full }))).toMatch(/^The disk is full/);
  });

  it('says that the data folder can not be made', () => {
    const file = join(tempDir(), 'a-file');
    writeFileSync(file, '');
    return fails({ dataDir: join(file, 'data') }).toThrow(/^The data folder .* can't be written \(.*ENOTDIR/);
  });
});

it('leaves nothing running for good when the supervisor is killed, and the next start recovers at once', async () => {
  const dataDir = tempDir();
  const port = await freePort();
  const start = async () => {
    const child = spawn(process.execPath, [join(fakes, 'supervisor.mjs'), dataDir, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) return { child, pids: JSON.parse(line) as number[] };
    throw new Error('The supervisor did not start; is it built?');
  };
  const gone = (pids: number[]) => until(20_000, () => pids.every((pid) => identityOf(pid) === undefined));
  const first = await start();
  first.child.kill('SIGKILL');
  const second = await start();
  expect(await gone(first.pids)).toBe(true);
  expect(second.pids.every((pid) => identityOf(pid) !== undefined)).toBe(true);
  second.child.kill('SIGKILL');
  // Nobody starts again this time.
  expect(await gone(second.pids)).toBe(true);
});

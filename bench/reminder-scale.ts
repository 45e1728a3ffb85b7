/**
 * `npm run bench:reminders`: how reminder processing scales. The same backlog of due terms is swept by one worker process,
 * by two and by four; see docs/performance.md.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { LocalSystem } from '#embedded/local-system';
import { eventually } from '#testing/eventually';
import { cpuOf, cpuOfPostgres } from './processes.js';
import { table } from './report.js';

/** Purchases of a tenth as many customers: the first half of them in arrears, of the others the service ends soon. */
const BACKLOG = `
  WITH debtors AS (
    INSERT INTO billing.customers (id, name, folded_name, owner_id, deleted, version)
    SELECT uuidv7(), 'c' || n, 'c' || n, (SELECT id FROM billing.users WHERE username = 'sales01'), false, 1
    FROM generate_series(1, $1::int / 10) AS n RETURNING id)
  INSERT INTO billing.charges (purchase_id, customer_id, product_name, folded_product, payable, paid, sold_on, due_on,
    annual_fee, service_ends_on, remind, version)
  SELECT uuidv7(), id, 'p', 'p', 100, CASE WHEN fee THEN 100 ELSE 40 END, current_date - 400, current_date - 1 - n * 9,
    CASE WHEN fee THEN 12 END, CASE WHEN fee THEN current_date + n END, fee, 1
  FROM debtors, generate_series(1, 10) AS n, LATERAL (SELECT n > 5 AS fee)`;
const LONGEST_MS = 3_600_000;

interface Swept {
  workers: number;
  seconds: number;
  /** How many of the shards each worker process did. */
  shares: number[];
  /** Processor time for a thousand reminders, ms: of the workers, and of PostgreSQL. */
  cpu: { workers: number; postgres: number };
}

const { values } = parseArgs({
  options: { due: { type: 'string', default: '200000' }, workers: { type: 'string', default: '1,2,4' } },
});
const due = Math.floor(Number(values.due) / 10) * 10;
const dataDir = mkdtempSync(join(tmpdir(), 'hongfuxing-reminders-'));
const say = (line: string) => void process.stderr.write(`${line}\n`);

async function withSystem<T>(workers: number, work: (system: LocalSystem, admin: pg.Client) => Promise<T>): Promise<T> {
  const env = { ...process.env, LOG_LEVEL: 'warn' };
  const system = new LocalSystem({ dataDir, port: 0, env, replicas: { billing: workers } });
  await system.start();
  const admin = new pg.Client({ connectionString: system.adminUrl });
  await admin.connect();
  try {
    return await work(system, admin);
  } finally {
    await admin.end();
    await system.stop();
  }
}

const one = async <Row>(admin: pg.Client, sql: string) => (await admin.query(sql)).rows[0] as Row;

/** Today's first sweep finds nothing; then the backlog is there, as if an import had brought it. */
async function prepare(_: LocalSystem, admin: pg.Client): Promise<void> {
  await eventually(async () => {
    const { swept } = await one<{ swept: boolean }>(
      admin,
      `SELECT EXISTS (SELECT FROM billing.sweeps WHERE completed_at IS NOT NULL)
         AND EXISTS (SELECT FROM billing.users WHERE username = 'sales01') AS swept`,
    );
    if (!swept) throw new Error('The first sweep did not end');
  }, 120_000);
  await admin.query(BACKLOG, [due]);
  await admin.query(`VACUUM ANALYZE billing.charges`);
}

async function sweep(system: LocalSystem, admin: pg.Client, workers: number): Promise<Swept> {
  await admin.query(`TRUNCATE billing.reminders, billing.outbox`);
  await admin.query(`CHECKPOINT`);
  const names = Array.from({ length: workers }, (_, n) => (n === 0 ? 'billing' : `billing-${n + 1}`));
  const used = () => ({
    workers: names.reduce((sum, name) => sum + cpuOf(system.process(name).pid!), 0),
    postgres: cpuOfPostgres(system.process('postgres').pid!),
  });
  const before = { cpu: used(), shares: await Promise.all(names.map((name) => shardsDone(system, name))) };
  const began = performance.now();
  await ask(system);
  await eventually(
    async () => {
      const { open } = await one<{ open: number }>(
        admin,
        `SELECT count(*)::int AS open FROM billing.sweep_shards WHERE done_at IS NULL`,
      );
      if (open > 0) throw new Error(`${open} shards are open`);
    },
    LONGEST_MS,
    100,
  );
  const seconds = (performance.now() - began) / 1_000;
  const cpu = used();
  await eachOnce(admin);
  const shares = await Promise.all(names.map((name) => shardsDone(system, name)));
  const perThousand = (kind: 'workers' | 'postgres') => ((cpu[kind] - before.cpu[kind]) * 1_000) / due;
  return {
    workers,
    seconds,
    shares: shares.map((count, n) => count - before.shares[n]!),
    cpu: { workers: perThousand('workers'), postgres: perThousand('postgres') },
  };
}

async function ask(system: LocalSystem): Promise<void> {
  const post = (path: string, body: object, token = '') =>
    fetch(`${system.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const { username, password } = system.accounts.find((account) => account.username === 'admin')!;
  const { accessToken } = (await (await post('/auth/login', { username, password })).json()) as { accessToken: string };
  const { status } = await post('/reminder-sweeps', {}, accessToken);
  if (status !== 200 && status !== 202) throw new Error(`The sweep was answered with ${status}`);
}

/** Errors: a reminder is missing, or was opened or told twice. */
async function eachOnce(admin: pg.Client): Promise<void> {
  const counted = await one<Record<string, number>>(
    admin,
    `SELECT (SELECT count(*)::int FROM billing.reminders) AS opened,
       (SELECT count(DISTINCT purchase_id)::int FROM billing.reminders) AS purchases,
       (SELECT count(*)::int FROM billing.outbox) AS told,
       (SELECT count(DISTINCT payload->>'aggregateId')::int FROM billing.outbox) AS once`,
  );
  if (Object.values(counted).some((count) => count !== due)) {
    throw new Error(`Not each of ${due} once: ${JSON.stringify(counted)}`);
  }
}

async function shardsDone(system: LocalSystem, name: string): Promise<number> {
  const metrics = await (await fetch(`${system.healthUrl(name)}/metrics`)).text();
  const line = /^job_duration_seconds_count\{(?=.*consumer="billing-sweep-shard")(?=.*outcome="ok").*\} (\d+)$/m;
  return Number(line.exec(metrics)?.[1] ?? 0);
}

const HEAD = ['workers', 's', 'reminders/s', '× one', 'shards of each', 'CPU ms per 1,000: workers', 'PostgreSQL'];
const rowOf = ({ workers, seconds, shares, cpu }: Swept, one: Swept) => [
  String(workers),
  seconds.toFixed(1),
  Math.round(due / seconds).toLocaleString('en'),
  (one.seconds / seconds).toFixed(2),
  shares.join(', '),
  cpu.workers.toFixed(0),
  cpu.postgres.toFixed(0),
];

try {
  await withSystem(1, prepare);
  const results: Swept[] = [];
  for (const workers of values.workers.split(',').map(Number)) {
    results.push(await withSystem(workers, (system, admin) => sweep(system, admin, workers)));
    say(`${workers}: ${JSON.stringify(results.at(-1))}`);
  }
  const figures = table(
    HEAD,
    results.map((swept) => rowOf(swept, results[0]!)),
  );
  process.stdout.write(`\n${due.toLocaleString('en')} due terms, each opened and told once.\n\n${figures}\n`);
} finally {
  rmSync(realpathSync(join(dataDir, 'postgres')), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

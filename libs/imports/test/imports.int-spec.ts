import { Logger } from '@nestjs/common';
import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import type { Role } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { ImportKind, ImportRow } from '#contracts/imports';
import type { Bus } from '#messaging/bus';
import type { Call } from '#messaging/handles';
import { messagingTables } from '#messaging/tables';
import { Idempotency, idempotencyTable } from '#platform/idempotency';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { actor } from '#testing/service';
import { failedRow, rowFault, type ImportTarget, type RowOutcome } from '../src/import-target.js';
import { ImportRepository } from '../src/import.repository.js';
import { ImportRunner } from '../src/import-runner.js';
import { ImportService } from '../src/import.service.js';
import { importTables } from '../src/tables.js';

class ImportsTest20261123000000 implements MigrationInterface {
  name = 'ImportsTest20261123000000';
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [
      ...messagingTables,
      idempotencyTable,
      ...importTables,
      `CREATE TABLE things (ref text PRIMARY KEY, amount text)`,
    ]) {
      await runner.query(sql);
    }
  }
  async down(): Promise<void> {}
}

/** Keeps rows in a table of its own; `before` and `after` may spoil a batch. */
class Things implements ImportTarget {
  readonly kind: ImportKind = 'payments';
  readonly permission = 'payments.write';
  readonly batches: number[] = [];
  before: (rows: ImportRow[]) => Promise<void> | void = () => {};
  after: (tx: EntityManager) => Promise<void> | void = () => {};

  async applyBatch(tx: EntityManager, _actor: object, rows: ImportRow[]): Promise<RowOutcome[]> {
    await this.before(rows);
    this.batches.push(rows.length);
    const outcomes: RowOutcome[] = [];
    for (const { row, values } of rows) {
      const { ref, amount = '' } = values;
      if (amount === 'bad') {
        outcomes.push(failedRow(row, rowFault(row, 'amount', 'bad', 'Bad')));
        continue;
      }
      const written = await tx.query<{ was: string | null }[]>(
        `INSERT INTO things VALUES ($1, $2) ON CONFLICT (ref) DO UPDATE SET amount = excluded.amount
         RETURNING (SELECT amount FROM things WHERE ref = $1) AS was`,
        [ref, amount],
      );
      const was = written[0]?.was ?? null;
      const outcome = was === null ? 'created' : was === amount ? 'unchanged' : 'updated';
      outcomes.push({ row, outcome, faults: [], warnings: [] });
    }
    await this.after(tx);
    return outcomes;
  }
}

const HEADER = ['ref', 'purchase_ref', 'amount', 'paid_on'];
const rows = (from: number, to: number, amount: (row: number) => string = String): ImportRow[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({
    row: from + at,
    values: { ref: `r${from + at}`, purchase_ref: 'p', amount: amount(from + at), paid_on: '2024-01-01' },
  }));

let db: TestDatabase;
let target: Things;
let judge: () => Promise<{ active: boolean; role: Role }>;
const callOf = (userId: string, role: Role = 'finance', more: Partial<Call> = {}) =>
  ({ actor: actor(userId, role), ...more }) as Call;
let me: Call;

beforeAll(async () => {
  // The faults are meant.
  Logger.overrideLogger(false);
  db = await testDatabase({ service: 'sales', entities: [], migrations: [ImportsTest20261123000000] });
});
afterAll(() => db?.close());
beforeEach(async () => {
  target = new Things();
  judge = async () => ({ active: true, role: 'finance' });
  me = callOf(crypto.randomUUID());
  await db.dataSource.query(`DELETE FROM import_job`);
  await db.dataSource.query(`DELETE FROM things`);
});

function runnerOn(): ImportRunner {
  const bus = { request: async () => ({ ...(await judge()), username: 'x', displayName: 'x' }) } as unknown as Bus;
  return new ImportRunner(db.dataSource, new ImportRepository(), bus, 'sales', [target]);
}
const serviceOn = (runner = runnerOn()) =>
  new ImportService(db.dataSource, new ImportRepository(), new Idempotency(db.dataSource), runner, [target]);

async function handIn(file: ImportRow[], { dryRun = false, size = 500, who = me } = {}): Promise<string> {
  const service = serviceOn();
  const { id } = await service.start(who, { kind: 'payments', dryRun, fileName: 'x.csv', header: HEADER });
  const batches = Math.ceil(file.length / size);
  for (let batch = 0; batch < batches; batch++) {
    const part = file.slice(batch * size, (batch + 1) * size);
    await service.append(who, { importId: id, batch, rows: part });
  }
  await service.finish(who, { importId: id, batches });
  return id;
}
const show = (importId: string, who = me) => serviceOn().get(who, { importId });
const things = async () =>
  (await db.dataSource.query<[{ count: number }]>(`SELECT count(*)::int AS count FROM things`))[0].count;
const code = (request: Promise<unknown>) =>
  request.then(
    () => 'no error',
    (error: AppError) => error.slug,
  );
/** Works until the job is done with, as the runner's loop does. */
const workOff = (importId: string, runner = runnerOn()) =>
  eventually(async () => {
    await runner.work();
    const job = await show(importId);
    if (job.state !== 'completed' && job.state !== 'failed') throw new Error(`The import is ${job.state}`);
    return job;
  });

describe('a file', () => {
  it('is taken in once, however often its parts come', async () => {
    const service = serviceOn();
    const start = { kind: 'payments' as const, dryRun: false, fileName: 'x.csv', header: HEADER };
    const key = { ...me, idempotencyKey: crypto.randomUUID() };
    const { id, state } = await service.start(key, start);
    expect((await service.start(key, start)).id).toBe(id);
    expect(state).toBe('queued');
    const part = { importId: id, batch: 0, rows: rows(2, 4) };
    await service.append(me, part);
    await service.append(me, part);
    const again = service.append(me, { importId: id, batch: 1, rows: rows(4, 5) });
    expect(await code(again)).toBe('validation');
    expect(await code(service.finish(me, { importId: id, batches: 2 }))).toBe('import-incomplete');
    expect(await service.finish(me, { importId: id, batches: 1 })).toMatchObject({ total: 3, state: 'queued' });
    await service.append(me, part);
    expect(await code(service.append(me, { ...part, batch: 1 }))).toBe('import-closed');
    await service.finish(me, { importId: id, batches: 1 });
    expect(await workOff(id)).toMatchObject({ state: 'completed', processed: 3, created: 3 });
    expect(await service.finish(me, { importId: id, batches: 1 })).toMatchObject({ state: 'completed' });
  });

  it('needs columns that fit, and somebody who may import it', async () => {
    const start = { kind: 'payments' as const, dryRun: false, fileName: 'x.csv' };
    const service = serviceOn();
    const wrong = service.start(me, { ...start, header: ['ref', 'sum'] });
    await expect(wrong).rejects.toMatchObject({
      slug: 'validation',
      details: { errors: [{ code: 'unknown-column' }, ...Array(3).fill({ code: 'missing-column' })] },
    });
    expect(await code(service.start(me, { ...start, kind: 'products', header: HEADER }))).toBe('validation');
    const mayNot = Object.assign(new Things(), { permission: 'products.manage' });
    const strict = new ImportService(
      db.dataSource,
      new ImportRepository(),
      new Idempotency(db.dataSource),
      runnerOn(),
      [mayNot],
    );
    expect(await code(strict.start(me, { ...start, header: HEADER }))).toBe('forbidden');
  });

  it('is seen by whoever handed it in, and by the administrator', async () => {
    const id = await handIn(rows(2, 3));
    const service = serviceOn();
    const stranger = callOf(crypto.randomUUID());
    expect(await code(service.get(stranger, { importId: id }))).toBe('not-found');
    expect(await code(service.faults(stranger, { importId: id, afterRow: 0 }))).toBe('not-found');
    expect(await code(service.get(me, { importId: crypto.randomUUID() }))).toBe('not-found');
    const admin = callOf(crypto.randomUUID(), 'administrator');
    expect(await service.get(admin, { importId: id })).toMatchObject({ id });
    expect(await code(service.finish(admin, { importId: id, batches: 1 }))).toBe('not-found');
  });

  it('without rows is done at once', async () => {
    expect(await show(await handIn([]))).toMatchObject({ state: 'completed', total: 0 });
  });
});

describe('an import', () => {
  it('brings the good rows in and gives the bad ones back, a page at a time', async () => {
    const file = rows(2, 452, (row) => (row % 2 ? 'bad' : '1'));
    file[0] = { ...file[0]!, fault: { field: null, code: 'too-many-cells', message: 'Too many cells' } };
    const id = await handIn(file);
    expect(await workOff(id)).toMatchObject({ total: 451, processed: 451, created: 225, failed: 226 });
    expect(await things()).toBe(225);
    expect((await show(id)).errors).toHaveLength(100);
    expect((await show(id)).errors[0]).toEqual({
      ...{ row: 2, field: null, code: 'too-many-cells', message: 'Too many cells' },
    });
    const first = await serviceOn().faults(me, { importId: id, afterRow: 0 });
    expect([first.rows.length, first.done, first.header]).toEqual([200, false, HEADER]);
    const next = await serviceOn().faults(me, { importId: id, afterRow: first.rows.at(-1)!.row });
    expect([next.rows.length, next.done]).toEqual([26, true]);
    expect(next.rows.at(-1)).toMatchObject({ row: 451, values: { ref: 'r451', amount: 'bad' } });
  });

  it('changes nothing the second time', async () => {
    await workOff(await handIn(rows(2, 6)));
    expect(await workOff(await handIn(rows(2, 6)))).toMatchObject({ created: 0, unchanged: 5 });
  });

  it('lets the later of two rows win', async () => {
    const [one, two, three] = rows(2, 4, (row) => String(Math.min(row, 3)));
    const ref = 'same';
    const file = [one!, two!, three!].map((row) => ({ ...row, values: { ...row.values, ref } }));
    expect(await workOff(await handIn(file))).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(target.batches).toEqual([1, 1, 1]);
  });

  it('keeps the outcomes of a dry run, and none of its effects', async () => {
    const id = await handIn(
      rows(2, 5, (row) => (row === 4 ? 'bad' : '1')),
      { dryRun: true },
    );
    expect(await workOff(id)).toMatchObject({ dryRun: true, created: 3, failed: 1, errors: [{ row: 4, code: 'bad' }] });
    expect(await things()).toBe(0);
  });

  it('fails the one row that nobody can deal with, and brings the others in', async () => {
    target.before = (batch) => {
      if (batch.some(({ row }) => row === 5)) throw new TypeError('a fault in the code');
    };
    const id = await handIn(rows(2, 9));
    expect(await workOff(id)).toMatchObject({ created: 7, failed: 1, errors: [{ row: 5, code: 'internal' }] });
    expect(await things()).toBe(7);
  });

  it('waits while another service or the database is away, and loses nothing', async () => {
    const id = await handIn(rows(2, 4));
    const faults = [
      new AppError('unavailable', 'no-responders'),
      new AppError('internal', 'internal'),
      Object.assign(new Error('deadlock'), { code: '40P01' }),
    ];
    let asked = 0;
    judge = async () => {
      if (asked++ === 0) throw new AppError('timeout', 'timed-out');
      return { active: true, role: 'finance' };
    };
    target.before = () => {
      const fault = faults.shift();
      if (fault) throw fault;
    };
    expect(await workOff(id)).toMatchObject({ state: 'completed', created: 3, failed: 0 });
    expect([asked, faults.length, target.batches]).toEqual([5, 0, [3]]);
  });

  it.each([
    ['disabled', { active: false, role: 'finance' as const }, 'user-disabled'],
    ['given another role', { active: true, role: 'salesperson' as const }, 'forbidden'],
  ])('ends when whoever started it is %s, and says so', async (_what, now, reason) => {
    Object.assign(target, { permission: 'payments.write' });
    const id = await handIn(rows(2, 1_200));
    const runner = runnerOn();
    await runner.work();
    if (reason === 'forbidden') Object.assign(target, { permission: 'users.manage' });
    judge = async () => now;
    expect(await workOff(id, runner)).toMatchObject({
      ...{ state: 'failed', processed: 500, created: 500, errors: [{ row: 0, field: null, code: reason }] },
    });
    expect(await things()).toBe(500);
  });

  it('is gone on with from the first row that nothing was done for, when a replica dies in the middle', async () => {
    const id = await handIn(rows(2, 1_300));
    await runnerOn().work();
    expect(await show(id)).toMatchObject({ state: 'running', processed: 500 });

    // The second batch is applied, but its connection is gone before it is booked.
    target.after = async (tx) => {
      const [{ pid }] = await tx.query<[{ pid: number }]>(`SELECT pg_backend_pid() AS pid`);
      await db.dataSource.query(`SELECT pg_terminate_backend($1)`, [pid]);
    };
    await runnerOn().work();
    expect(target.batches).toEqual([500, 500]);
    expect(await show(id)).toMatchObject({ processed: 500 });
    expect(await things()).toBe(500);

    target.after = () => {};
    expect(await workOff(id)).toMatchObject({ state: 'completed', processed: 1_299, created: 1_299, unchanged: 0 });
    expect(await things()).toBe(1_299);
  });

  it('is worked on by one replica at a time', async () => {
    const id = await handIn(rows(2, 1_700));
    const replicas = [runnerOn(), runnerOn(), runnerOn()];
    for (const replica of replicas) replica.onApplicationBootstrap();
    const done = await eventually(async () => {
      const job = await show(id);
      expect(job.state).toBe('completed');
      return job;
    });
    await Promise.all(replicas.map((replica) => replica.onModuleDestroy()));
    expect(done).toMatchObject({ processed: 1_699, created: 1_699, unchanged: 0, updated: 0 });
  });

  it("gives way to another user's smaller one after each batch", async () => {
    const other = callOf(crypto.randomUUID());
    const large = await handIn(rows(2, 1_400));
    const small = await handIn(rows(2_000, 2_003), { who: other });
    const runner = runnerOn();
    await runner.work();
    await runner.work();
    expect([(await show(large)).processed, (await show(small, other)).processed]).toEqual([500, 4]);
  });

  it('waits for the earlier one of the same user', async () => {
    const first = await handIn(rows(2, 601));
    const second = await handIn(rows(701, 703));
    await runnerOn().work();
    await runnerOn().work();
    expect(await show(second)).toMatchObject({ state: 'queued', processed: 0 });
    await workOff(first);
    expect(await workOff(second)).toMatchObject({ state: 'completed', created: 3 });
  });

  it('is over only when what it told others is published', async () => {
    target.after = async (tx) => {
      await tx.query(`INSERT INTO outbox (subject, payload) VALUES ('evt.sales.thing.made.v1', '{}')`);
    };
    const id = await handIn(rows(2, 3));
    await runnerOn().work();
    await runnerOn().work();
    expect(await show(id)).toMatchObject({ state: 'running', processed: 2, total: 2 });
    await db.dataSource.query(`UPDATE outbox SET published_at = now()`);
    expect(await workOff(id)).toMatchObject({ state: 'completed' });
  });

  it('is over when its file is given up, by whoever sends it', async () => {
    const service = serviceOn();
    const start = { kind: 'payments' as const, dryRun: false, fileName: 'x.csv', header: HEADER };
    const { id } = await service.start(me, start);
    expect(await code(service.abandon(callOf(crypto.randomUUID(), 'administrator'), { importId: id }))).toBe(
      'not-found',
    );
    await service.abandon(me, { importId: id });
    expect(await show(id)).toMatchObject({ state: 'failed', errors: [{ row: 0, code: 'broken-off' }] });
  });

  it('finishes the batch in hand when the service stops, and no other', async () => {
    const id = await handIn(rows(2, 1_200));
    const runner = runnerOn();
    let goOn: (() => void) | undefined;
    target.before = () => new Promise((resolve) => (goOn = resolve));
    runner.onApplicationBootstrap();
    await eventually(() => expect(goOn).toBeDefined());
    const stopped = runner.onModuleDestroy();
    goOn?.();
    await stopped;
    expect((await show(id)).processed).toBe(500);
  });

  it('of which nothing more comes is given up', async () => {
    const start = { kind: 'payments' as const, dryRun: false, fileName: 'x.csv', header: HEADER };
    const { id } = await serviceOn().start(me, start);
    await runnerOn().work();
    expect(await show(id)).toMatchObject({ state: 'queued' });
    await db.dataSource.query(`UPDATE import_job SET next_at = next_at - interval '11 minutes'`);
    await runnerOn().work();
    expect(await show(id)).toMatchObject({ state: 'failed', errors: [{ row: 0, code: 'broken-off' }] });
  });
});

import fc from 'fast-check';
import { addDays } from '#calendar/dates';
import { before } from '../src/calendar.rules.js';
import { SHARDS, SLOTS, sweptTogether } from '../src/sweep/sweep.rules.js';
import { eventually } from '#testing/eventually';
import { actor, events, newId, openBooks, type Books } from './books.js';

const { customer, payment } = events;
const admin = actor('administrator');

let books: Books;
beforeEach(async () => (books = await openBooks('2026-03-01')));
afterEach(() => books.close());

const queued = () => eventually(() => expect(books.jobs).toHaveLength(SHARDS), 10_000, 5);

/** So many purchases, spread over all shards, that were to be paid by 5 February. */
const overdue = (count: number) =>
  books.dataSource.query(
    `INSERT INTO charges (purchase_id, customer_id, product_name, folded_product, payable, paid, sold_on, due_on, remind,
       version)
     SELECT uuidv7(), uuidv7(), '', '', 100, 0, '2026-01-05', '2026-02-05', false, 1 FROM generate_series(1, $1)`,
    [count],
  );

describe('a sweep opens', () => {
  test('service fees from their lead date on, those that have ended too [B3]', async () => {
    // 1 March: what ends until 1 April.
    const [due, ended, far] = [
      await books.service('2026-04-01'),
      await books.service('2025-12-31'),
      await books.service('2026-04-02'),
    ];
    const silent = await books.service('2026-03-15', { remind: false });
    const voided = await books.service('2026-03-15', { voidedOn: '2026-02-01' });
    await books.sweepNow();
    const open = { kind: 'service-fee', state: 'open', amount: '120.00', version: 1 };
    expect(await books.reminderRows(due.id)).toEqual([{ ...open, periodStart: '2026-04-01' }]);
    expect(await books.reminderRows(ended.id)).toEqual([{ ...open, periodStart: '2025-12-31' }]);
    for (const { id } of [far, silent, voided]) expect(await books.reminderRows(id)).toEqual([]);
  });

  test('arrears from the day after the due date on [B6]', async () => {
    const [late, today, paid] = [
      await books.debt('2026-02-28'),
      await books.debt('2026-03-01'),
      await books.debt('2026-02-28'),
    ];
    await books.tell(payment(paid.id, '100.00', '2026-02-20'), payment(late.id, '30.00', '2026-02-20'));
    await books.sweepNow();
    expect(await books.reminderRows(late.id)).toEqual([
      { kind: 'arrears', periodStart: '2026-02-28', state: 'open', amount: '70.00', version: 1 },
    ]);
    expect(await books.reminderRows(today.id)).toEqual([]);
    expect(await books.reminderRows(paid.id)).toEqual([]);
    books.clock.set('2026-03-02');
    await books.sweepNow();
    expect(await books.reminderRows(today.id)).toHaveLength(1);
  });

  test('each on its own day, whatever the end of the month', async () => {
    const end = fc.integer({ min: 0, max: 1_200 }).map((days) => addDays('2024-01-01', days));
    await fc.assert(
      fc.asyncProperty(end, async (serviceEndsOn) => {
        const { id } = await books.service(serviceEndsOn);
        const lead = before(serviceEndsOn, { count: 1, unit: 'M' });
        const sweep = async (asOf: string) => {
          books.clock.set(asOf);
          const started = books.sweeps.start(admin, { asOf });
          await queued();
          await books.work();
          await started;
        };
        await sweep(addDays(lead, -1));
        expect(await books.reminderRows(id)).toEqual([]);
        await sweep(lead);
        expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ periodStart: serviceEndsOn })]);
      }),
      { numRuns: 5, examples: [['2024-03-31'], ['2024-03-29'], ['2025-03-29'], ['2024-02-29']] },
    );
  }, 60_000);

  test('nothing of deleted customers', async () => {
    const { id, customerId } = await books.debt('2026-02-01');
    await books.tell(customer(customerId, newId(), { deleted: true }, 2));
    await books.sweepNow();
    expect(await books.reminderRows(id)).toEqual([]);
  });

  test('a large backlog in parts, and all of it, each once, with two at work on the same shard', async () => {
    await overdue(5_000);
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    const { manager } = books.dataSource;
    expect(await books.reminders.openDue(manager, '2026-02-06', slots)).toEqual({ opened: 2_000, more: true });
    // Everything in one shard.
    await books.sweeps.tick();
    books.jobs.splice(0);
    await books.dataSource.query(`UPDATE sweep_shards SET done_at = app.now() WHERE shard > 0`);
    await Promise.all([1, 2].map(() => books.sweeps.sweep({ asOf: '2026-03-01', shard: 0, shards: 1 })));
    const [count] = await books.dataSource.query<{ reminders: number; told: number }[]>(
      `SELECT (SELECT count(*)::int FROM reminders) AS reminders, (SELECT count(*)::int FROM outbox) AS told`,
    );
    expect(count).toEqual({ reminders: 5_000, told: 5_000 });
    expect(await books.watermark()).toBe('2026-03-01');
  });

  test('of several shards in one go, unless there is much in them', async () => {
    const done = () =>
      books.dataSource
        .query<{ shard: number }[]>(`SELECT shard FROM sweep_shards WHERE done_at IS NOT NULL ORDER BY shard`)
        .then((rows) => rows.map(({ shard }) => shard));
    await books.sweeps.tick();
    const [first, second] = books.jobs.splice(0);
    await books.sweeps.sweep(first!);
    expect(await done()).toEqual(sweptTogether(0, SHARDS));
    await overdue(40_000);
    await books.sweeps.sweep(second!);
    expect(await done()).toEqual([0, 1, ...sweptTogether(0, SHARDS).slice(1)]);
  });

  test('each once and tells it once, however many work at the same moment [B6]', async () => {
    const debts = await Promise.all(Array.from({ length: 150 }, () => books.debt('2026-02-01')));
    const [a, b, c] = [books, await openBooks('2026-03-01', books.db), await openBooks('2026-03-01', books.db)];
    await Promise.all([a, b, c].map((worker) => worker.sweeps.tick()));
    expect([...a.jobs, ...b.jobs, ...c.jobs]).toHaveLength(SHARDS);
    const jobs = [...a.jobs.splice(0), ...b.jobs.splice(0), ...c.jobs.splice(0)];
    // Each job comes to every worker, as after a lost acknowledgement, with three at work.
    const work = async (worker: Books) => {
      for (const job of jobs) await worker.sweeps.sweep(job);
    };
    await Promise.all([a, b, c].map(work));
    for (const { id } of debts) expect(await books.reminderRows(id)).toHaveLength(1);
    expect((await books.told()).map(({ purchase: id }) => id).toSorted()).toEqual(debts.map(({ id }) => id).toSorted());
    expect(await books.sweeps.start(admin, { asOf: '2026-02-27' }).then(() => books.watermark())).toBe('2026-03-01');
  });
});

describe('days', () => {
  test('that were missed are swept, and the watermark waits for the last shard of each [B7]', async () => {
    await books.sweepNow();
    expect(await books.watermark()).toBe('2026-03-01');
    books.clock.set('2026-03-08');
    const { id } = await books.debt('2026-03-06');
    await books.sweeps.tick();
    expect(books.jobs).toHaveLength(7 * SHARDS);
    const together = sweptTogether(7, SHARDS);
    const isLate = (job: (typeof books.jobs)[number]) => job.asOf === '2026-03-05' && together.includes(job.shard);
    const jobs = books.jobs.splice(0);
    books.jobs.push(...jobs.filter((job) => !isLate(job)));
    await books.work();
    expect(await books.watermark()).toBe('2026-03-04');
    await books.sweeps.sweep(jobs.find(isLate)!);
    expect(await books.watermark()).toBe('2026-03-08');
    expect(await books.reminderRows(id)).toHaveLength(1);
    await books.sweeps.tick();
    expect(books.jobs).toEqual([]);
  });

  test('whose jobs were lost are queued again after a while, those alone that are not done', async () => {
    await books.sweeps.tick();
    const [first] = books.jobs.splice(0);
    await books.sweeps.sweep(first!);
    await books.sweeps.tick();
    expect(books.jobs).toEqual([]);
    await books.dataSource.query(`UPDATE sweeps SET queued_at = queued_at - interval '1 hour'`);
    await books.sweeps.tick();
    expect(books.jobs).toHaveLength(SHARDS - sweptTogether(0, SHARDS).length);
    await books.work();
    expect(await books.watermark()).toBe('2026-03-01');
  });
});

describe('a sweep by hand', () => {
  const start = async (asOf?: string) => {
    const started = books.sweeps.start(admin, { asOf });
    await queued();
    await books.work();
    return started;
  };

  test('of a day that is swept finds what has come since, and nothing twice', async () => {
    await books.sweepNow();
    const { id } = await books.debt('2026-02-01');
    const done = { asOf: '2026-03-01', state: 'completed', shards: SHARDS, shardsDone: SHARDS };
    expect(await start()).toEqual({ ...done, opened: 1 });
    expect(await start()).toEqual({ ...done, opened: 1 });
    expect(await books.reminderRows(id)).toHaveLength(1);
  });

  test('is for the administrator, and not ahead of today', async () => {
    await expect(books.sweeps.start(actor('finance'), {})).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(books.sweeps.start(admin, { asOf: '2026-03-02' })).rejects.toMatchObject({
      kind: 'rule-violated',
      slug: 'sweep-ahead-of-today',
    });
  });

  test('is joined, not begun again, while it is under way', async () => {
    const [one, two] = [books.sweeps.start(admin, {}), books.sweeps.start(admin, {})];
    await queued();
    await books.work();
    expect(await one).toEqual(await two);
    expect(books.jobs).toEqual([]);
  });
});

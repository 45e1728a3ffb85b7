import fc from 'fast-check';
import type { StateEvent } from '#messaging/republish';
import { eventually } from '#testing/eventually';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';
import { addDays, before } from '../src/calendar.rules.js';
import { ReminderRepository } from '../src/reminder/reminder.repository.js';
import { ReminderStates } from '../src/reminder/reminder.states.js';
import { SHARDS } from '../src/sweep/sweep.rules.js';

const { customer, purchase, payment } = events;
const admin = actor('administrator');

let books: Books;
beforeEach(async () => (books = await openBooks('2026-03-01')));
afterEach(() => books.close());

/** A customer's purchase whose service ends then, paid in full. */
async function service(serviceEndsOn: string | undefined, more: object = {}) {
  const [id, customerId] = [newId(), newId()];
  const term = { id, customerId, payable: '500.00', annualFee: '120.00', serviceEndsOn, remind: true, ...more };
  await books.tell(customer(customerId, newId()), purchase(term), payment(id, '500.00', '2026-01-01'));
  return { id, customerId, term };
}
async function debt(dueOn: string, more: object = {}) {
  const [id, customerId] = [newId(), newId()];
  await books.tell(customer(customerId, newId()), purchase({ id, customerId, payable: '100.00', dueOn, ...more }));
  return { id, customerId };
}
async function sweepNow() {
  await books.sweeps.tick();
  await books.work();
}
const told = async () =>
  books.dataSource.query<{ purchase: string; state: string; amount: string; version: number }[]>(
    `SELECT payload->'data'->>'purchaseId' AS purchase, payload->'data'->>'state' AS state,
       payload->'data'->>'amount' AS amount, (payload->>'version')::int AS version
     FROM outbox WHERE subject = 'evt.billing.reminder.changed.v1' ORDER BY seq`,
  );
const queued = () => eventually(() => expect(books.jobs).toHaveLength(SHARDS), 10_000, 5);
const somebodyWaits = () =>
  eventually(
    async () =>
      expect(
        await books.dataSource.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        ),
      ).not.toEqual([]),
    10_000,
    5,
  );
const watermark = async () => {
  const rows = await books.dataSource.query<{ day: string }[]>(
    `SELECT swept_through::text AS day FROM sweep_watermark`,
  );
  return rows[0]?.day;
};

describe('a sweep opens', () => {
  test('service fees from their lead date on, those that have ended too', async () => {
    // 1 March: what ends until 1 April.
    const [due, ended, far] = [await service('2026-04-01'), await service('2025-12-31'), await service('2026-04-02')];
    const silent = await service('2026-03-15', { remind: false });
    const voided = await service('2026-03-15', { voidedOn: '2026-02-01' });
    await sweepNow();
    const open = { kind: 'service-fee', state: 'open', amount: '120.00', version: 1 };
    expect(await books.reminderRows(due.id)).toEqual([{ ...open, periodStart: '2026-04-01' }]);
    expect(await books.reminderRows(ended.id)).toEqual([{ ...open, periodStart: '2025-12-31' }]);
    for (const { id } of [far, silent, voided]) expect(await books.reminderRows(id)).toEqual([]);
  });

  test('arrears from the day after the due date on', async () => {
    const [late, today, paid] = [await debt('2026-02-28'), await debt('2026-03-01'), await debt('2026-02-28')];
    await books.tell(payment(paid.id, '100.00', '2026-02-20'), payment(late.id, '30.00', '2026-02-20'));
    await sweepNow();
    expect(await books.reminderRows(late.id)).toEqual([
      { kind: 'arrears', periodStart: '2026-02-28', state: 'open', amount: '70.00', version: 1 },
    ]);
    expect(await books.reminderRows(today.id)).toEqual([]);
    expect(await books.reminderRows(paid.id)).toEqual([]);
    books.clock.set('2026-03-02');
    await sweepNow();
    expect(await books.reminderRows(today.id)).toHaveLength(1);
  });

  test('each on its own day, whatever the end of the month', async () => {
    const end = fc.integer({ min: 0, max: 1_200 }).map((days) => addDays('2024-01-01', days));
    await fc.assert(
      fc.asyncProperty(end, async (serviceEndsOn) => {
        const { id } = await service(serviceEndsOn);
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
    const { id, customerId } = await debt('2026-02-01');
    await books.tell(customer(customerId, newId(), { deleted: true }, 2));
    await sweepNow();
    expect(await books.reminderRows(id)).toEqual([]);
  });

  test('each once and tells it once, however many work at the same moment', async () => {
    const debts = await Promise.all(Array.from({ length: 150 }, () => debt('2026-02-01')));
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
    expect((await told()).map(({ purchase: id }) => id).toSorted()).toEqual(debts.map(({ id }) => id).toSorted());
    expect(await books.sweeps.start(admin, { asOf: '2026-02-27' }).then(() => watermark())).toBe('2026-03-01');
  });
});

describe('days', () => {
  test('that were missed are swept, and the watermark waits for the last shard of each', async () => {
    await sweepNow();
    expect(await watermark()).toBe('2026-03-01');
    books.clock.set('2026-03-08');
    const { id } = await debt('2026-03-06');
    await books.sweeps.tick();
    expect(books.jobs).toHaveLength(7 * SHARDS);
    const held = books.jobs.findIndex((job) => job.asOf === '2026-03-05' && job.shard === 7);
    const [late] = books.jobs.splice(held, 1);
    await books.work();
    expect(await watermark()).toBe('2026-03-04');
    await books.sweeps.sweep(late!);
    expect(await watermark()).toBe('2026-03-08');
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
    expect(books.jobs).toHaveLength(SHARDS - 1);
    await books.work();
    expect(await watermark()).toBe('2026-03-01');
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
    await sweepNow();
    const { id } = await debt('2026-02-01');
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

describe('reminders settle by themselves', () => {
  test('when the money comes, and open again when it goes back', async () => {
    const { id } = await debt('2026-02-01');
    await sweepNow();
    await books.tell(payment(id, '40.00', '2026-03-01'));
    await books.tell(payment(id, '60.00', '2026-03-01'));
    await books.tell(payment(id, '-60.00', '2026-03-02'));
    expect((await told()).map(({ state, amount, version }) => [state, amount, version])).toEqual([
      ['open', '100.00', 1],
      ['open', '60.00', 2],
      ['settled', '60.00', 3],
      ['open', '60.00', 4],
    ]);
  });

  test('when the purchase is voided', async () => {
    const { id, customerId } = await debt('2026-02-01');
    await sweepNow();
    await books.tell(purchase({ id, customerId, dueOn: '2026-02-01', voidedOn: '2026-03-01', version: 2 }));
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled', version: 2 })]);
  });

  test('when the due date is put off; the next one has its own', async () => {
    const { id, customerId } = await debt('2026-02-01');
    await sweepNow();
    await books.tell(purchase({ id, customerId, dueOn: '2026-03-10', version: 2 }));
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
    books.clock.set('2026-03-11');
    await sweepNow();
    expect(await books.reminderRows(id)).toEqual([
      expect.objectContaining({ periodStart: '2026-02-01', state: 'settled' }),
      expect.objectContaining({ periodStart: '2026-03-10', state: 'open' }),
    ]);
  });

  test('when the service is renewed, or nobody is to be reminded any more', async () => {
    const [renewed, dropped] = [await service('2026-03-20'), await service('2026-03-20')];
    await sweepNow();
    await books.tell(
      purchase({ ...renewed.term, serviceEndsOn: '2027-03-20', version: 2 }),
      purchase({ ...dropped.term, remind: false, version: 2 }),
    );
    for (const { id } of [renewed, dropped]) {
      expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
    }
  });

  test('but what somebody has closed stays closed', async () => {
    const { id } = await debt('2026-02-01');
    await sweepNow();
    await books.dataSource.query(`UPDATE reminders SET state = 'closed'`);
    await books.tell(payment(id, '100.00', '2026-03-01'), payment(id, '-100.00', '2026-03-02'));
    await sweepNow();
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'closed', version: 1 })]);
  });

  test('also when the payment comes while they are being opened', async () => {
    const { id } = await debt('2026-02-01');
    await books.sweeps.tick();
    // The sweep has opened the reminder and not committed yet when the payment arrives.
    const sweep = books.dataSource.createQueryRunner();
    await sweep.startTransaction();
    const slots = Array.from({ length: 64 }, (_, slot) => slot);
    expect(await books.reminders.openDue(sweep.manager, '2026-03-01', slots)).toBe(1);
    const paid = books.tell(payment(id, '100.00', '2026-03-01'));
    await somebodyWaits();
    await sweep.commitTransaction();
    await sweep.release();
    await paid;
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
  });

  test('and none is opened for what is paid while the sweep waits', async () => {
    const { id } = await debt('2026-02-01');
    const payer = books.dataSource.createQueryRunner();
    await payer.startTransaction();
    await payer.query(`SELECT FROM charges FOR UPDATE`);
    await payer.query(`UPDATE charges SET paid = payable`);
    await books.sweeps.tick();
    const swept = books.work();
    await somebodyWaits();
    await payer.commitTransaction();
    await payer.release();
    await swept;
    expect(await books.reminderRows(id)).toEqual([]);
  });
});

describe('lists', () => {
  test('of reminders: in scope, filtered, with names and owners of now', async () => {
    const [owner, other, id] = [newId(), newId(), newId()];
    const { customerId } = await debt('2026-02-01');
    const term = await service('2026-03-20');
    await books.tell(customer(customerId, owner, { name: '新名' }, 2));
    await books.tell(customer(id, other), purchase({ customerId: id, dueOn: '2026-02-15' }));
    await sweepNow();
    const list = async (scope = ALL, filter: object = {}) =>
      (await books.reminders.list(actor(), { scope, limit: 50, ...filter })).items;

    expect((await list()).map(({ periodStart }) => periodStart)).toEqual(['2026-02-01', '2026-02-15', '2026-03-20']);
    expect(await list(ofOwners(owner))).toEqual([
      expect.objectContaining({ customerId, customerName: '新名', ownerId: owner, dueOn: '2026-02-01' }),
    ]);
    expect(await list(ALL, { kind: 'service-fee' })).toEqual([expect.objectContaining({ purchaseId: term.id })]);
    expect(await list(ALL, { customerId })).toHaveLength(1);
    expect(await list(ALL, { ownerId: other })).toHaveLength(1);
    expect(await list(ALL, { state: 'settled' })).toEqual([]);
    expect(await books.arrears.countOpen({ scope: ofOwners(owner), customerIds: [customerId, id] })).toMatchObject({
      openReminders: 1,
    });

    const reader = actor();
    const first = await books.reminders.list(reader, { scope: ALL, limit: 2 });
    const rest = await books.reminders.list(reader, { scope: ALL, limit: 2, cursor: first.nextCursor! });
    expect([...first.items, ...rest.items]).toEqual(await list());
    expect(rest.nextCursor).toBeNull();
  });

  test('of service fees: upcoming, due, expired and closed', async () => {
    const ends = ['2026-02-28', '2026-03-01', '2026-04-01', '2026-04-02', '2026-05-30', '2026-05-31'];
    for (const end of ends) await service(end);
    const list = async (filter: object = {}) =>
      (await books.fees.list(actor(), { scope: ALL, limit: 50, ...filter })).items.map((fee) => [
        fee.serviceEndsOn,
        fee.state,
        fee.daysLeft,
      ]);
    const nearest = [
      ['2026-02-28', 'expired', -1],
      ['2026-03-01', 'due', 0],
      ['2026-04-01', 'due', 31],
    ];
    expect(await list()).toEqual(nearest);
    expect(await list({ within: 'P90D' })).toEqual([
      ...nearest,
      ['2026-04-02', 'upcoming', 32],
      ['2026-05-30', 'upcoming', 90],
    ]);
    expect(await list({ within: 'P3M', state: 'upcoming' })).toHaveLength(3);

    await sweepNow();
    await books.dataSource.query(`UPDATE reminders SET state = 'closed' WHERE period_start = '2026-02-28'`);
    expect(await list({ state: 'closed' })).toEqual([['2026-02-28', 'closed', -1]]);
    const { items } = await books.fees.list(actor(), { scope: ALL, limit: 50 });
    expect(items.every(({ reminderId }) => reminderId !== undefined)).toBe(true);
    expect(await books.fees.list(actor(), { scope: ofOwners(newId()), limit: 50 })).toMatchObject({ items: [] });
  });
});

test('the whole state can be told again', async () => {
  const debts = [await debt('2026-02-01'), await debt('2026-02-02')];
  await sweepNow();
  await books.tell(payment(debts[0]!.id, '100.00', '2026-03-01'));
  const states: StateEvent[] = [];
  for await (const state of new ReminderStates(books.dataSource, new ReminderRepository()).states()) states.push(state);
  expect(states.map(({ version, data }) => [version, (data as { state: string }).state]).toSorted()).toEqual([
    [1, 'open'],
    [2, 'settled'],
  ]);
});

import type { StateEvent } from '#messaging/republish';
import { ReminderRepository } from '../src/reminder/reminder.repository.js';
import { ReminderStates } from '../src/reminder/reminder.states.js';
import { SLOTS } from '../src/sweep/sweep.rules.js';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { customer, product, purchase, payment, settings } = events;

let books: Books;
beforeEach(async () => (books = await openBooks('2026-03-01')));
afterEach(() => books.close());

describe('reminders settle by themselves', () => {
  test('when the money comes, and open again when it goes back [B9]', async () => {
    const { id } = await books.debt('2026-02-01');
    await books.sweepNow();
    await books.tell(payment(id, '40.00', '2026-03-01'));
    await books.tell(payment(id, '60.00', '2026-03-01'));
    await books.tell(payment(id, '-60.00', '2026-03-02'));
    expect((await books.told()).map(({ state, amount, version }) => [state, amount, version])).toEqual([
      ['open', '100.00', 1],
      ['open', '60.00', 2],
      ['settled', '60.00', 3],
      ['open', '60.00', 4],
    ]);
  });

  test('when the purchase is voided', async () => {
    const { id, customerId } = await books.debt('2026-02-01');
    await books.sweepNow();
    await books.tell(purchase({ id, customerId, dueOn: '2026-02-01', voidedOn: '2026-03-01', version: 2 }));
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled', version: 2 })]);
  });

  test('when the due date is put off; the next one has its own', async () => {
    const { id, customerId } = await books.debt('2026-02-01');
    await books.sweepNow();
    await books.tell(purchase({ id, customerId, dueOn: '2026-03-10', version: 2 }));
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
    books.clock.set('2026-03-11');
    await books.sweepNow();
    expect(await books.reminderRows(id)).toEqual([
      expect.objectContaining({ periodStart: '2026-02-01', state: 'settled' }),
      expect.objectContaining({ periodStart: '2026-03-10', state: 'open' }),
    ]);
  });

  test('when the service is renewed, or nobody is to be reminded any more [B9]', async () => {
    const [renewed, dropped] = [await books.service('2026-03-20'), await books.service('2026-03-20')];
    await books.sweepNow();
    await books.tell(
      purchase({ ...renewed.term, serviceEndsOn: '2027-03-20', version: 2 }),
      purchase({ ...dropped.term, remind: false, version: 2 }),
    );
    for (const { id } of [renewed, dropped]) {
      expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
    }
  });

  test('but what somebody has closed stays closed', async () => {
    const { id } = await books.debt('2026-02-01');
    await books.sweepNow();
    await books.dataSource.query(`UPDATE reminders SET state = 'closed'`);
    await books.tell(payment(id, '100.00', '2026-03-01'), payment(id, '-100.00', '2026-03-02'));
    await books.sweepNow();
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'closed', version: 1 })]);
  });

  test('also when the payment comes while they are being opened', async () => {
    const { id } = await books.debt('2026-02-01');
    await books.sweeps.tick();
    // The sweep has opened the reminder and not committed yet when the payment arrives.
    const sweep = books.dataSource.createQueryRunner();
    await sweep.startTransaction();
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    expect(await books.reminders.openDue(sweep.manager, '2026-03-01', slots)).toEqual({ opened: 1, more: false });
    const paid = books.tell(payment(id, '100.00', '2026-03-01'));
    await books.somebodyWaits();
    await sweep.commitTransaction();
    await sweep.release();
    await paid;
    expect(await books.reminderRows(id)).toEqual([expect.objectContaining({ state: 'settled' })]);
  });

  test('and none is opened for what is paid while the sweep waits', async () => {
    const { id } = await books.debt('2026-02-01');
    const payer = books.dataSource.createQueryRunner();
    await payer.startTransaction();
    await payer.query(`SELECT FROM charges FOR UPDATE`);
    await payer.query(`UPDATE charges SET paid = payable`);
    await books.sweeps.tick();
    const swept = books.work();
    await books.somebodyWaits();
    await payer.commitTransaction();
    await payer.release();
    await swept;
    expect(await books.reminderRows(id)).toEqual([]);
  });
});

describe('lists', () => {
  test('of reminders: in scope, also of what is delegated, filtered, with names and owners of now [C47]', async () => {
    const [owner, other, id] = [newId(), newId(), newId()];
    const { customerId } = await books.debt('2026-02-01');
    const term = await books.service('2026-03-20');
    await books.tell(customer(customerId, owner, { name: '新名' }, 2));
    await books.tell(customer(id, other), purchase({ customerId: id, dueOn: '2026-02-15' }));
    await books.sweepNow();
    const list = async (scope = ALL, filter: object = {}) =>
      (await books.reminders.list(actor(), { scope, limit: 50, ...filter })).items;

    expect((await list()).map(({ periodStart }) => periodStart)).toEqual(['2026-02-01', '2026-02-15', '2026-03-20']);
    expect(await list(ofOwners(owner))).toEqual([
      expect.objectContaining({ customerId, customerName: '新名', ownerId: owner, dueOn: '2026-02-01' }),
    ]);
    const owners = [{ id: newId(), accessVersion: 0 }];
    const delegate = { all: false as const, owners, customerIds: [customerId] };
    expect(await list(delegate)).toEqual([expect.objectContaining({ customerId, ownerId: owner })]);
    expect(await list(ofOwners(newId()))).toEqual([]);
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
    for (const end of ends) await books.service(end);
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

    await books.sweepNow();
    await books.dataSource.query(`UPDATE reminders SET state = 'closed' WHERE period_start = '2026-02-28'`);
    expect(await list({ state: 'closed' })).toEqual([['2026-02-28', 'closed', -1]]);
    const { items } = await books.fees.list(actor(), { scope: ALL, limit: 50 });
    expect(items.every(({ reminderId }) => reminderId !== undefined)).toBe(true);
    expect(await books.fees.list(actor(), { scope: ofOwners(newId()), limit: 50 })).toMatchObject({ items: [] });
  });
});

describe('lead times', () => {
  test("are a product's own, or else the organisation's, clamped to the month's last day [B4]", async () => {
    const [quarter, days] = [newId(), newId()];
    await books.tell(product(quarter, 'P3M'), product(days, 'P45D'));
    const usual = await books.service('2026-03-31');
    const early = await books.service('2026-05-31', { productId: quarter });
    const inDays = await books.service('2026-04-14', { productId: days });
    const openedOn = async (today: string) => {
      books.clock.set(today);
      await books.sweepNow();
      const { items } = await books.reminders.list(actor(), { scope: ALL, limit: 50 });
      return [usual, early, inDays].map(({ id }) => items.some(({ purchaseId }) => purchaseId === id));
    };
    expect(await openedOn('2026-02-27')).toEqual([false, false, false]);
    expect(await openedOn('2026-02-28')).toEqual([true, true, true]);
    const { items } = await books.fees.list(actor(), { scope: ALL, limit: 50 });
    expect(items.map(({ purchaseId, state }) => [purchaseId, state])).toEqual(
      [usual, inDays, early].map(({ id }) => [id, 'due']),
    );
  });

  test("are the organisation's own once it has told of it, for the list and for reminders [B4]", async () => {
    const service = await books.service('2026-05-01');
    const due = async () => {
      await books.sweeps.start(actor('administrator'), { asOf: '2026-03-01' });
      await books.work();
      const { items } = await books.fees.list(actor(), { scope: ALL, limit: 50 });
      const { length } = await books.reminderRows(service.id);
      return { listed: items.some(({ purchaseId }) => purchaseId === service.id), reminders: length };
    };
    expect(await due()).toEqual({ listed: false, reminders: 0 });
    await books.tell(settings({ serviceFeeLead: 'P60D' }));
    expect(await due()).toEqual({ listed: false, reminders: 0 });
    await books.tell(settings({ serviceFeeLead: 'P2M' }, 3));
    expect(await due()).toEqual({ listed: true, reminders: 1 });
  });

  test('hold from when they are set, also for what was sold before; a shorter one takes no reminder back', async () => {
    const [productId, service] = [newId(), await books.service('2026-05-20')];
    await books.tell(purchase({ ...service.term, productId, version: 2 }));
    await books.sweepNow();
    expect(await books.reminderRows(service.id)).toEqual([]);
    await books.tell(product(productId, 'P3M'));
    await books.sweeps.start(actor('administrator'), { asOf: '2026-03-01' });
    await books.work();
    expect(await books.reminderRows(service.id)).toHaveLength(1);
    await books.tell(product(productId, undefined, 2));
    books.clock.set('2026-03-02');
    await books.sweepNow();
    expect(await books.reminderRows(service.id)).toEqual([expect.objectContaining({ state: 'open', version: 1 })]);
  });

  test('the forecast counts what ends within 30, 60 and 90 days, and nothing that is expired or closed [B5]', async () => {
    for (const end of ['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01', '2026-05-30', '2026-05-31']) {
      await books.service(end);
    }
    const closed = await books.service('2026-03-02');
    await books.sweepNow();
    await books.dataSource.query(`UPDATE reminders SET state = 'closed' WHERE purchase_id = $1`, [closed.id]);
    expect(await books.fees.forecast({ scope: ALL })).toEqual({
      d30: { count: 2, amount: '240.00' },
      d60: { count: 3, amount: '360.00' },
      d90: { count: 4, amount: '480.00' },
    });
    expect((await books.fees.forecast({ scope: ofOwners(newId()) })).d90).toEqual({ count: 0, amount: '0.00' });
    // The expired one is asked for until it is renewed.
    books.clock.set('2027-03-01');
    const { items } = await books.fees.list(actor(), { scope: ALL, limit: 50, state: 'expired' });
    expect(items.map(({ serviceEndsOn }) => serviceEndsOn)).toContain('2026-02-28');
  });
});

test('the whole state can be told again', async () => {
  const debts = [await books.debt('2026-02-01'), await books.debt('2026-02-02')];
  await books.sweepNow();
  await books.tell(payment(debts[0]!.id, '100.00', '2026-03-01'));
  const states: StateEvent[] = [];
  for await (const state of new ReminderStates(books.dataSource, new ReminderRepository()).states()) states.push(state);
  expect(states.map(({ version, data }) => [version, (data as { state: string }).state]).toSorted()).toEqual([
    [1, 'open'],
    [2, 'settled'],
  ]);
});

import type { Call } from '#messaging/handles';
import { actor, ALL, events, newId, openBooks, type Books } from './books.js';

const { payment, purchase } = events;

let books: Books;
let owner: ReturnType<typeof newId>;
let debt: Awaited<ReturnType<Books['debt']>>;
let reminderId: string;
beforeEach(async () => {
  books = await openBooks('2026-03-01');
  debt = await books.debt('2026-02-01');
  await books.sweepNow();
  const [reminder] = (await books.reminders.list(actor(), { scope: ALL, limit: 1 })).items;
  [reminderId, owner] = [reminder!.id, reminder!.ownerId as typeof owner];
});
afterEach(() => books.close());

/** A call under a grant for the customer of the debt. */
const as = (
  via: NonNullable<Call['grant']>['via'],
  { role = 'salesperson', ...more }: Partial<Pick<Call, 'ifMatch'>> & { role?: Call['actor']['role'] } = {},
): Call => ({
  subject: 'test',
  caller: 'gateway',
  requestId: 'test',
  token: '',
  actor: actor(role, via === 'owner' ? owner : newId()),
  grant: {
    customerId: debt.customerId,
    ownerId: owner,
    via,
    ...(via === 'delegate' && { delegationId: newId() }),
  },
  ...more,
});
const states = async () => (await books.told()).map(({ state, version }) => [state, version]);
const listed = async (state: 'open' | 'snoozed') =>
  (await books.reminders.list(actor(), { scope: ALL, limit: 50, state })).items.map(({ id }) => id);

test('an act is seen, told of with who did it and for whom, and over by its date [B8]', async () => {
  const call = as('delegate');
  const snoozed = await books.actions.snooze(call, { reminderId, until: '2026-03-05', note: '月初再说' });
  expect(snoozed).toMatchObject({
    state: 'snoozed',
    until: '2026-03-05',
    note: '月初再说',
    version: 2,
    ownerId: owner,
  });
  expect(await books.actions.get(as('finance', { role: 'finance' }), reminderId)).toEqual(snoozed);
  expect([await listed('snoozed'), await listed('open')]).toEqual([[reminderId], []]);
  const [told] = await books.dataSource.query<{ payload: { by: unknown; data: unknown } }[]>(
    `SELECT payload FROM outbox WHERE (payload->>'version')::int = 2 AND subject LIKE '%reminder%'`,
  );
  expect(told!.payload).toMatchObject({
    by: { userId: call.actor.userId, forUserId: owner, delegationId: call.grant!.delegationId },
    data: { id: reminderId, state: 'snoozed', until: '2026-03-05', note: '月初再说', action: 'snoozed' },
  });

  // No job has run: it is over all the same.
  books.clock.set('2026-03-05');
  expect(await books.actions.get(as('owner'), reminderId)).toMatchObject({ state: 'open', version: 2 });
  expect([await listed('snoozed'), await listed('open')]).toEqual([[], [reminderId]]);
  // The sweep writes it down, once, so that whoever follows the events learns of it.
  await books.sweepNow();
  await books.sweepNow();
  expect(await states()).toEqual([
    ['open', 1],
    ['snoozed', 2],
    ['open', 3],
  ]);
});

test('payment settles what is paused, and what comes back is open [B9]', async () => {
  await books.actions.notePromise(as('owner'), { reminderId, date: '2026-03-31', amount: '100.00' });
  await books.tell(payment(debt.id, '40.00', '2026-03-01'));
  expect(await books.actions.get(as('owner'), reminderId)).toMatchObject({ state: 'promised', amount: '60.00' });
  await books.tell(payment(debt.id, '60.00', '2026-03-02'));
  const settled = await books.actions.get(as('owner'), reminderId);
  expect(settled).toMatchObject({ state: 'settled', promise: { amount: '100.00', date: '2026-03-31' } });
  expect(settled).not.toHaveProperty('until');
  await expect(books.actions.acknowledge(as('owner'), { reminderId })).rejects.toMatchObject({
    kind: 'conflict',
    slug: 'reminder-settled',
  });
  await books.tell(payment(debt.id, '-60.00', '2026-03-03'));
  expect(await books.actions.get(as('owner'), reminderId)).toMatchObject({ state: 'open', amount: '60.00' });
});

test('what is closed stays closed for its period, whatever is paid; the next period has its own', async () => {
  const closed = await books.actions.close(as('finance', { role: 'finance' }), { reminderId, note: '坏账' });
  expect(closed).toMatchObject({ state: 'closed', note: '坏账' });
  await books.tell(payment(debt.id, '100.00', '2026-03-01'), payment(debt.id, '-100.00', '2026-03-02'));
  await books.sweepNow();
  expect(await books.reminderRows(debt.id)).toEqual([expect.objectContaining({ state: 'closed', version: 2 })]);
  await books.tell(purchase({ ...debt, dueOn: '2026-02-20', version: 2 }));
  books.clock.set('2026-03-02');
  await books.sweepNow();
  expect((await books.reminderRows(debt.id)).map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('closing wins over a payment that waits for it', async () => {
  const closer = books.dataSource.createQueryRunner();
  await closer.startTransaction();
  await closer.query(`UPDATE reminders SET state = 'closed', version = version + 1`);
  const paid = books.tell(payment(debt.id, '100.00', '2026-03-01'));
  await books.somebodyWaits();
  await closer.commitTransaction();
  await closer.release();
  await paid;
  expect(await books.reminderRows(debt.id)).toEqual([expect.objectContaining({ state: 'closed', version: 2 })]);
});

test('of two who act on what they have seen, the later is told how it stands', async () => {
  await books.actions.acknowledge(as('owner', { ifMatch: 1 }), { reminderId });
  await expect(books.actions.close(as('owner', { ifMatch: 1 }), { reminderId, note: '坏账' })).rejects.toMatchObject({
    slug: 'stale-version',
    details: { current: { state: 'acknowledged', version: 2 } },
  });
  const both = await Promise.allSettled(
    [1, 2].map(() => books.actions.acknowledge(as('owner', { ifMatch: 2 }), { reminderId })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('who may act: not under a grant for another customer, nor for one who only reads', async () => {
  const elsewhere = { ...as('owner'), grant: { ...as('owner').grant!, customerId: newId() } };
  await expect(books.actions.get(elsewhere, reminderId)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(books.actions.acknowledge(elsewhere, { reminderId })).rejects.toMatchObject({ kind: 'not-found' });
  await expect(books.actions.get(as('owner'), newId())).rejects.toMatchObject({ kind: 'not-found' });
  await expect(books.actions.customerOf(newId())).rejects.toMatchObject({ kind: 'not-found' });
  expect(await books.actions.customerOf(reminderId)).toEqual({ customerId: debt.customerId });
});

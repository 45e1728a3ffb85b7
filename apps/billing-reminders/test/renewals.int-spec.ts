import { events, newId, openBooks, type Books } from './books.js';

const { purchase, payment } = events;

let books: Books;
beforeEach(async () => (books = await openBooks('2026-03-01')));
afterEach(() => books.close());

/** What sales tells of a renewal: the service with its new end, the fee, and the money for it. */
async function renew({ id, customerId, term }: Awaited<ReturnType<Books['service']>>, serviceEndsOn: string) {
  const fee = { id: newId(), customerId, payable: '120.00', soldOn: '2026-02-20', dueOn: '2026-02-20', renewsId: id };
  await books.tell(
    purchase({ ...term, serviceEndsOn, action: 'renewed', version: 2 }),
    purchase(fee),
    payment(fee.id, '120.00', '2026-02-20'),
  );
  return fee.id;
}

test('a renewal settles the reminder of the old period, and the next one has its own [S17] [B9]', async () => {
  const service = await books.service('2025-03-20');
  await books.sweepNow();
  const feeId = await renew(service, '2026-03-20');
  expect(await books.reminderRows(service.id)).toEqual([
    expect.objectContaining({ kind: 'service-fee', periodStart: '2025-03-20', state: 'settled', version: 2 }),
  ]);
  expect((await books.told()).at(-1)).toMatchObject({ purchase: service.id, state: 'settled' });

  // The fee was due before today, and is paid: nobody is reminded of it. The new period is a month from its end.
  books.clock.set('2026-03-02');
  await books.sweepNow();
  expect(await books.reminderRows(feeId)).toEqual([]);
  expect(await books.reminderRows(service.id)).toMatchObject([
    { periodStart: '2025-03-20', state: 'settled' },
    { periodStart: '2026-03-20', state: 'open', amount: '120.00' },
  ]);
});

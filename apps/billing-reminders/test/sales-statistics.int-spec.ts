import fc from 'fast-check';
import { addDays } from '#calendar/dates';
import type { SalesStatistics } from '#contracts/sales-statistics';
import { ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { customer, purchase, transfer, user } = events;

let books: Books;
beforeEach(async () => (books = await openBooks('2026-03-15')));
afterEach(() => books.close());

const sales = (wanted: object = {}, scope = ALL) => books.statistics.summarize({ scope, ...wanted });
const sold = (months: SalesStatistics['months']) =>
  months.filter(({ purchases }) => purchases !== 0).map(({ month, purchases, amount }) => [month, purchases, amount]);

/** The sums that are kept, and the same reckoned anew. */
const kept = () =>
  books.dataSource.query(`SELECT owner_id, month::text, purchases, amount FROM sales_by_month ORDER BY 1, 2`);
const reckoned = () =>
  books.dataSource.query(
    `SELECT k.owner_id, date_trunc('month', c.sold_on)::date::text AS month, count(*)::int AS purchases,
       sum(c.payable)::numeric(20,2) AS amount
     FROM charges c JOIN customers k ON k.id = c.customer_id WHERE NOT k.deleted AND c.voided_on IS NULL
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );

test('sales by the month of the sale; edits, voids, deletions and transfers move them [B21]', async () => {
  const [owner, heir, of, id] = [newId(), newId(), newId(), newId()];
  const other = purchase({ customerId: of, soldOn: '2026-02-28', payable: '50.00' });
  await books.tell(user(owner, { username: 'sales01' }), user(heir, { username: 'sales02', displayName: '李四' }));
  await books.tell(
    customer(of, owner),
    purchase({ id, customerId: of, soldOn: '2026-01-31', payable: '100.00' }),
    other,
  );
  expect(sold((await sales()).months)).toEqual([
    ['2026-01', 1, '100.00'],
    ['2026-02', 1, '50.00'],
  ]);
  await books.tell(purchase({ id, customerId: of, soldOn: '2026-02-01', payable: '120.00', version: 2 }));
  expect(sold((await sales()).months)).toEqual([['2026-02', 2, '170.00']]);

  await books.tell(transfer([{ id: of, version: 2, fromOwnerId: owner, toOwnerId: heir }], []));
  const { owners } = await sales({ groupBy: 'owner' });
  expect(owners).toEqual([expect.objectContaining({ ownerId: heir, username: 'sales02', ownerName: '李四' })]);
  expect(sold((await sales({}, ofOwners(owner))).months)).toEqual([]);
  expect(sold((await sales({}, ofOwners(heir))).months)).toEqual([['2026-02', 2, '170.00']]);

  await books.tell(purchase({ id, customerId: of, soldOn: '2026-02-01', voidedOn: '2026-03-01', version: 3 }));
  expect(sold((await sales()).months)).toEqual([['2026-02', 1, '50.00']]);
  await books.tell(customer(of, heir, { deleted: true }, 3));
  expect(sold((await sales()).months)).toEqual([]);
  await books.tell(customer(of, heir, {}, 4));
  expect(sold((await sales()).months)).toEqual([['2026-02', 1, '50.00']]);
  expect(await kept()).toEqual(await reckoned());
});

test("a delegate's view has the single customer that is his for now, and nothing else of the owner's", async () => {
  const [owner, mine, lent, notLent] = [newId(), newId(), newId(), newId()];
  await books.tell(customer(lent, owner), customer(notLent, owner), customer(newId(), mine));
  for (const customerId of [lent, notLent]) await books.tell(purchase({ customerId, soldOn: '2026-03-01' }));
  const view = { ...ofOwners(mine), customerIds: [lent] };
  expect(sold((await sales({}, view)).months)).toEqual([['2026-03', 1, '100.00']]);
  // He who sees all of the owner's anyhow doesn't count it twice.
  const both = { ...ofOwners(mine, owner), customerIds: [lent] };
  expect(sold((await sales({}, both)).months)).toEqual([['2026-03', 2, '200.00']]);
});

test('by the teams of now; each month of the span is told', async () => {
  const [owner, of, team] = [newId(), newId(), newId()];
  await books.tell(user(owner, { teamId: team }), customer(of, owner));
  await books.tell(purchase({ customerId: of, soldOn: '2025-12-31', payable: '10.00' }));
  const { months, teams, currency } = await sales({ from: '2025-11', to: '2026-01', groupBy: 'team' });
  expect(currency).toBe('CNY');
  expect(months).toEqual([
    { month: '2025-11', purchases: 0, amount: '0.00' },
    { month: '2025-12', purchases: 1, amount: '10.00' },
    { month: '2026-01', purchases: 0, amount: '0.00' },
  ]);
  expect(teams).toEqual([{ teamId: team, months }]);
  expect((await sales()).months.map(({ month }) => month)).toEqual([
    ...['2025-04', '2025-05', '2025-06', '2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12'],
    ...['2026-01', '2026-02', '2026-03'],
  ]);
  for (const wrong of [{ from: '2026-02', to: '2026-01' }, { from: '2000-01' }]) {
    await expect(sales(wrong)).rejects.toMatchObject({ kind: 'rule-violated', slug: 'months-out-of-range' });
  }
});

test('what is kept is what is reckoned anew, whatever comes in whatever order [B21]', async () => {
  const [owners, customers, purchases] = [3, 4, 6].map((count) => Array.from({ length: count }, newId)) as [
    string[],
    string[],
    string[],
  ];
  const index = (of: unknown[]) => fc.nat(of.length - 1);
  const versions = new Map<string, number>();
  const next = (id: string) => versions.set(id, (versions.get(id) ?? 0) + 1).get(id)!;
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('customer' as const),
      of: index(customers),
      owner: index(owners),
      off: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('transfer' as const), of: index(customers), owner: index(owners) }),
    fc.record({
      kind: fc.constant('purchase' as const),
      id: index(purchases),
      day: fc.nat(90),
      cents: fc.nat(99_999),
      off: fc.boolean(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (batches) => {
      for (const batch of batches) {
        const told = batch.map((one) => {
          if (one.kind === 'purchase') {
            const [id, soldOn] = [purchases[one.id]!, addDays('2026-01-01', one.day)];
            const terms = { soldOn, payable: (one.cents / 100).toFixed(2), voidedOn: one.off ? soldOn : undefined };
            return purchase({ id, customerId: customers[one.id % customers.length]!, ...terms, version: next(id) });
          }
          const [id, toOwnerId] = [customers[one.of]!, owners[one.owner]!];
          if (one.kind === 'customer') return customer(id, toOwnerId, { deleted: one.off }, next(id));
          return transfer([{ id, version: next(id), fromOwnerId: newId(), toOwnerId }], []);
        });
        // At the same time, as the two projections run.
        await Promise.all([
          books.tell(...told.filter(({ subject }) => subject.startsWith('evt.sales.'))),
          books.tell(...told.filter(({ subject }) => !subject.startsWith('evt.sales.'))),
        ]);
        expect(await kept()).toEqual(await reckoned());
      }
    }),
    { numRuns: 15 },
  );
});

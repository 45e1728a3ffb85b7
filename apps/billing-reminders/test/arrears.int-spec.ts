import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { addDays, daysBetween } from '#calendar/dates';
import { BUCKETS } from '#contracts/billing';
import type { ParsedEvent } from '#messaging/projection';
import { bucketOf } from '../src/arrears/arrears.rules.js';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { user, customer, transfer, purchase, payment } = events;

let books: Books;
beforeAll(async () => (books = await openBooks('2026-03-01')));
afterAll(() => books.close());

describe('as of any date', () => {
  const START = '2026-01-01';
  const day = fc.integer({ min: 0, max: 150 }).map((days) => addDays(START, days));
  const cents = fc.integer({ min: 1, max: 1_000_000 });
  const history = fc.array(
    fc.record({
      customer: fc.integer({ min: 0, max: 3 }),
      payable: cents,
      soldOn: day,
      dueIn: fc.integer({ min: 0, max: 60 }),
      voidedAfter: fc.option(fc.integer({ min: 0, max: 90 }), { freq: 5 }),
      // Parts of what is payable, each some days after the sale; some are paid back.
      payments: fc.array(fc.record({ part: fc.constantFrom(-0.25, 0.25, 0.5, 1), after: fc.nat(120) }), {
        maxLength: 4,
      }),
    }),
    { maxLength: 12 },
  );
  const money = (value: number) => (value / 100).toFixed(2);

  test('what is owed is what a simple reckoning over the same history says [B2]', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(day, { minLength: 3, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        async (sales, dates, random) => {
          const owners = [newId(), newId()];
          const customers = Array.from({ length: 4 }, newId);
          const ownerOf = (index: number) => owners[index % 2]!;
          const purchases = sales.map((sale) => ({
            ...sale,
            id: newId(),
            dueOn: addDays(sale.soldOn, sale.dueIn),
            voidedOn: sale.voidedAfter === null ? undefined : addDays(sale.soldOn, sale.voidedAfter),
            entries: sale.payments.map(({ part, after }) => ({
              amount: Math.round(sale.payable * part),
              paidOn: addDays(sale.soldOn, after),
            })),
          }));
          const told: ParsedEvent[] = [
            ...customers.map((id, index) => customer(id, ownerOf(index))),
            ...purchases.map(({ id, customer: of, payable, soldOn, dueOn, voidedOn }) =>
              purchase({ id, customerId: customers[of]!, payable: money(payable), soldOn, dueOn, voidedOn }),
            ),
            ...purchases.flatMap(({ id, entries }) =>
              entries.map(({ amount, paidOn }) => payment(id, money(amount), paidOn)),
            ),
          ];
          // In any order, in several batches.
          const shuffled = told.map((event) => ({ event, at: random.next().value })).sort((a, b) => a.at - b.at);
          for (let from = 0; from < shuffled.length; from += 7) {
            await books.tell(...shuffled.slice(from, from + 7).map(({ event }) => event));
          }

          for (const asOf of dates) {
            const owing = purchases.flatMap(({ id, customer: of, payable, soldOn, dueOn, voidedOn, entries }) => {
              if (soldOn > asOf || (voidedOn !== undefined && voidedOn <= asOf)) return [];
              const paid = entries.filter(({ paidOn }) => paidOn <= asOf).reduce((sum, { amount }) => sum + amount, 0);
              const bucket = bucketOf(daysBetween(dueOn, asOf));
              return paid < payable ? [{ id, of, balance: payable - paid, dueOn, bucket }] : [];
            });
            const sumsOf = (rows: typeof owing) => ({
              total: money(rows.reduce((sum, { balance }) => sum + balance, 0)),
              customers: new Set(rows.map(({ of }) => of)).size,
              purchases: rows.length,
              buckets: Object.fromEntries(
                BUCKETS.map((bucket) => [
                  bucket,
                  money(rows.filter((row) => row.bucket === bucket).reduce((sum, { balance }) => sum + balance, 0)),
                ]),
              ),
            });
            const both = await books.arrears.summarize({ scope: ofOwners(...owners), asOf, groupBy: 'owner' });
            expect(both).toMatchObject({ asOf, currency: 'CNY', ...sumsOf(owing) });
            for (const owner of owners) {
              const own = owing.filter(({ of }) => ownerOf(of) === owner);
              const { owners: groups, ...sums } = await books.arrears.summarize({ scope: ofOwners(owner), asOf });
              expect(groups).toBeUndefined();
              expect(sums).toMatchObject(sumsOf(own));
              const group = both.owners?.find(({ ownerId }) => ownerId === owner);
              if (own.length > 0) expect(group).toMatchObject(sumsOf(own));
              else expect(group).toBeUndefined();
            }
            const { items, total, count } = await books.arrears.list(actor(), {
              scope: ofOwners(...owners),
              asOf,
              limit: 200,
            });
            expect({ total, count }).toEqual({ total: both.total, count: owing.length });
            const inOrder = owing.toSorted((a, b) => (a.dueOn + a.id < b.dueOn + b.id ? -1 : 1));
            expect(items.map(({ purchaseId, balance, bucket }) => [purchaseId, balance, bucket])).toEqual(
              inOrder.map(({ id, balance, bucket }) => [id, money(balance), bucket]),
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  test('what is kept of each balance is the sum of its ledger', async () => {
    const differing = await books.dataSource.query(
      `SELECT c.purchase_id FROM charges c
       LEFT JOIN (SELECT purchase_id, sum(amount) AS paid FROM ledger_entries GROUP BY purchase_id) e USING (purchase_id)
       WHERE c.paid <> coalesce(e.paid, 0) OR (c.settled_on IS NULL) <> (c.paid < c.payable)`,
    );
    expect(differing).toEqual([]);
    const [row] = await books.dataSource.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM charges`);
    expect(row!.count).toBeGreaterThan(50);
  });
});

describe('the list', () => {
  const owner = newId();
  const [zte, tea] = [newId(), newId()];
  const scope = ofOwners(owner);
  const list = (query: object = {}) => books.arrears.list(actor(), { scope, limit: 50, ...query });

  beforeAll(async () => {
    await books.tell(
      customer(zte, owner, { name: '深圳市中興通信股份有限公司' }),
      customer(tea, owner, { name: '都可茶饮' }),
      purchase({ customerId: zte, payable: '10.00', dueOn: '2026-02-28', productName: 'ＺＴＥ路由器' }),
      purchase({ customerId: zte, payable: '20.00', dueOn: '2026-03-01' }),
      purchase({ customerId: tea, payable: '40.00', dueOn: '2025-11-01' }),
      purchase({ customerId: tea, payable: '80.00', dueOn: '2025-11-01' }),
    );
  });

  test('finds in any script and width, in names of customers and products', async () => {
    expect(await list({ q: '中兴' })).toMatchObject({ count: 2, total: '30.00' });
    expect(await list({ q: '茶飲' })).toMatchObject({ count: 2, total: '120.00' });
    expect(await list({ q: 'zte' })).toMatchObject({ count: 1, total: '10.00' });
    expect(await list({ q: '100%' })).toMatchObject({ count: 0, total: '0.00', items: [], nextCursor: null });
  });

  test('filters by bucket and owner', async () => {
    expect(await list({ bucket: 'notDue' })).toMatchObject({ count: 1, total: '20.00' });
    expect(await list({ bucket: 'd1_30' })).toMatchObject({ items: [{ daysPastDue: 1, balance: '10.00' }] });
    expect(await list({ ownerId: owner })).toMatchObject({ count: 4 });
    expect(await list({ ownerId: newId() })).toMatchObject({ count: 0 });
  });

  test('pages without a gap, with the sums of all [B1]', async () => {
    const reader = actor();
    const amounts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await books.arrears.list(reader, { scope, limit: 1, cursor });
      expect(page).toMatchObject({ count: 4, total: '150.00' });
      amounts.push(...page.items.map(({ balance }) => balance));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(amounts.slice(0, 2).toSorted()).toEqual(['40.00', '80.00']);
    expect(amounts.slice(2)).toEqual(['10.00', '20.00']);
  });

  test("refuses another reader's cursor", async () => {
    const { nextCursor } = await list({ limit: 1 });
    await expect(list({ limit: 1, cursor: nextCursor! })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('a delegated customer is in the scope by itself', async () => {
    const narrow = { all: false as const, owners: [{ id: newId(), accessVersion: 0 }], customerIds: [tea] };
    expect(await list({ scope: narrow })).toMatchObject({ count: 2, total: '120.00' });
  });

  test('what a transfer would hand over', async () => {
    expect(await books.arrears.countOpen({ scope, customerIds: [zte] })).toEqual({
      openArrears: { count: 2, amount: '30.00' },
      openReminders: 0,
    });
    expect(await books.arrears.countOpen({ scope: ofOwners(newId()), customerIds: [zte] })).toMatchObject({
      openArrears: { count: 0, amount: '0.00' },
    });
  });
});

describe('a read waits for what its scope knows', () => {
  test('until it has come, a second long', async () => {
    const [owner, id] = [newId(), newId()];
    await books.tell(customer(id, newId()), purchase({ customerId: id }));
    const reading = books.arrears.summarize({ scope: ofOwners([owner, 1]) });
    await books.tell(
      transfer([{ id, version: 2, fromOwnerId: newId(), toOwnerId: owner }], [{ id: owner, accessVersion: 1 }]),
    );
    expect(await reading).toMatchObject({ total: '100.00', purchases: 1 });
  });

  test('and is refused when it has not', async () => {
    await expect(books.arrears.list(actor(), { scope: ofOwners([newId(), 1]), limit: 50 })).rejects.toMatchObject({
      kind: 'unavailable',
      slug: 'projection-behind',
      details: { retryAfter: 1 },
    });
    const all = { all: true as const, accessVersion: 1_000 };
    await expect(books.arrears.summarize({ scope: all })).rejects.toMatchObject({ slug: 'projection-behind' });
    await expect(books.fees.list(actor(), { scope: ofOwners([newId(), 1]), limit: 50 })).rejects.toMatchObject({
      slug: 'projection-behind',
    });
    await expect(books.reminders.list(actor(), { scope: ofOwners([newId(), 1]), limit: 50 })).rejects.toMatchObject({
      slug: 'projection-behind',
    });
  });
});

const DATA = new URL('../../../../shared/data/receivables/', import.meta.url);
const onRealData = existsSync(DATA) ? describe : describe.skip;

onRealData('the real receivables', () => {
  type Row = Record<string, string>;
  const read = (name: string): Row[] => parse(readFileSync(new URL(name, DATA)), { columns: true, bom: true });

  test('come out to the cent [B2]', async () => {
    const own = await openBooks();
    try {
      const ids = new Map<string, string>();
      const idOf = (key: string) => ids.get(key) ?? ids.set(key, newId()).get(key)!;
      const owners = [...new Set(read('customers.csv').map(({ owner }) => owner!))];
      const told: ParsedEvent[] = [
        ...owners.map((name) => user(idOf(name), { username: name })),
        ...read('customers.csv').map(({ code, name, owner }) => customer(idOf(code!), idOf(owner!), { name: name! })),
        ...read('purchases.csv').map((row) =>
          purchase({
            id: idOf(`purchase ${row['ref']}`),
            customerId: idOf(row['customer_code']!),
            payable: row['unit_price']!,
            quantity: row['quantity']!,
            soldOn: row['sold_on']!,
            dueOn: row['due_on']!,
          }),
        ),
        ...read('payments.csv').map((row) =>
          payment(idOf(`purchase ${row['purchase_ref']}`), row['amount']!, row['paid_on']!),
        ),
      ];
      for (let from = 0; from < told.length; from += 256) await own.tell(...told.slice(from, from + 256));

      const expected = JSON.parse(readFileSync(new URL('expected-arrears.json', DATA), 'utf8')) as {
        asOf: string;
        total: string;
        purchases: number;
        customers: number;
        buckets: Record<string, string>;
        byOwner: Record<string, string>;
      }[];
      expect(expected.length).toBeGreaterThan(0);
      for (const { asOf, byOwner, ...sums } of expected) {
        const { owners: groups, ...summary } = await own.arrears.summarize({ scope: ALL, asOf, groupBy: 'owner' });
        expect(summary).toEqual({ asOf, currency: 'CNY', ...sums });
        expect(Object.fromEntries(groups!.map(({ username, total }) => [username, total]))).toEqual(byOwner);
      }
    } finally {
      await own.close();
    }
  }, 60_000);
});

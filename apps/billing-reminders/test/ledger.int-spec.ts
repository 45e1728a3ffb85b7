import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { customer, purchase, payment, user } = events;

let books: Books;
const [owner, other] = [newId(), newId()];
const [zhongxing, huawei] = [newId(), newId()];
const sold = { early: newId(), paid: newId(), late: newId(), theirs: newId(), void: newId() };
beforeAll(async () => {
  books = await openBooks('2026-03-01');
  await books.tell(
    customer(zhongxing, owner),
    customer(huawei, other, { name: '华为技术有限公司' }),
    purchase({ id: sold.early, customerId: zhongxing, soldOn: '2026-01-05', payable: '10.00' }),
    purchase({ id: sold.paid, customerId: zhongxing, soldOn: '2026-01-06', payable: '20.00', productName: '培训' }),
    purchase({ id: sold.late, customerId: zhongxing, soldOn: '2026-02-01', payable: '30.00' }),
    purchase({ id: sold.theirs, customerId: huawei, soldOn: '2026-02-02', payable: '40.00' }),
    purchase({ id: sold.void, customerId: huawei, soldOn: '2026-02-03', voidedOn: '2026-02-04' }),
    payment(sold.paid, '20.00', '2026-01-06'),
  );
});
afterAll(() => books.close());

const reader = actor();
const list = (filter: object = {}, scope = ALL) => books.ledger.list(reader, { scope, limit: 50, ...filter });
const idsOf = async (filter: object = {}, scope = ALL) =>
  (await list(filter, scope)).items.map(({ purchaseId }) => purchaseId);

test('purchases of all customers that one sees, those sold last first, without the void ones', async () => {
  expect(await idsOf()).toEqual([sold.theirs, sold.late, sold.paid, sold.early]);
  expect(await idsOf({}, ofOwners(owner))).toEqual([sold.late, sold.paid, sold.early]);
  expect(await idsOf({}, { all: false, owners: [], customerIds: [huawei] })).toEqual([sold.theirs]);
  const [row] = (await list({ customerId: huawei })).items;
  expect(row).toMatchObject({ customerName: '华为技术有限公司', ownerId: other, balance: '40.00', inArrears: true });
  expect(row).not.toHaveProperty('serviceEndsOn');
});

test('are found by customer, owner, day of the sale, arrears and name in either script', async () => {
  expect(await idsOf({ ownerId: other })).toEqual([sold.theirs]);
  expect(await idsOf({ soldFrom: '2026-01-06', soldTo: '2026-02-01' })).toEqual([sold.late, sold.paid]);
  expect(await idsOf({ inArrears: false })).toEqual([sold.paid]);
  expect(await idsOf({ inArrears: true, ownerId: owner })).toEqual([sold.late, sold.early]);
  expect(await idsOf({ q: '華為' })).toEqual([sold.theirs]);
  expect(await idsOf({ q: '培訓' })).toEqual([sold.paid]);
});

test('come in pages that fit together', async () => {
  const first = await list({ limit: 3 });
  const rest = await list({ limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...rest.items]).toEqual((await list()).items);
  expect(rest.nextCursor).toBeNull();
  await expect(list({ limit: 3, cursor: first.nextCursor, ownerId: owner })).rejects.toMatchObject({ kind: 'invalid' });
});

test('arrears are summed up by the teams of their owners, of now [B1]', async () => {
  const [north, south] = [newId(), newId()];
  const teams = async () => {
    const summary = await books.arrears.summarize({ scope: ALL, groupBy: 'team' });
    return summary.teams!.map(({ teamId, total, customers }) => [teamId, total, customers]);
  };
  await books.tell(user(owner, { teamId: north }));
  expect(await teams()).toEqual([
    [north, '40.00', 1],
    [null, '40.00', 1],
  ]);
  await books.tell(user(owner, { teamId: south }, 2), user(other, { teamId: south }));
  expect(await teams()).toEqual([[south, '80.00', 2]]);
});

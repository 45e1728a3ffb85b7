import { driftOf } from '#testing/database';
import { Retry } from '#messaging/projection';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

let books: Books;
beforeAll(async () => (books = await openBooks()));
afterAll(() => books.close());

const { user, customer, transfer, accessVersion, purchase, payment } = events;
const arrearsOf = async (scope = ALL, customerId?: string) => {
  const { items } = await books.arrears.list(actor(), { scope, limit: 200 });
  return items.filter((row) => customerId === undefined || row.customerId === customerId);
};

test('the migrations make the tables that the entities know', async () => {
  expect(await driftOf(books.db)).toEqual([]);
});

describe('customers', () => {
  test('keep the newest state, whatever order and however often they are told', async () => {
    const [id, anna, bert] = [newId(), newId(), newId()];
    const first = customer(id, anna, { name: '旧名' });
    const third = customer(id, bert, { name: '新名' }, 3);
    await books.tell(first, purchase({ customerId: id }), third, first, customer(id, anna, { name: '中名' }, 2));
    await books.tell(first);
    expect(await arrearsOf(ALL, id)).toEqual([expect.objectContaining({ customerName: '新名', ownerId: bert })]);
  });

  test('change hands with a transfer, in the same batch as their states too', async () => {
    const [id, anna, bert, cleo] = [newId(), newId(), newId(), newId()];
    await books.tell(customer(id, anna), purchase({ customerId: id }));
    await books.tell(
      customer(id, anna, { name: '改名' }, 2),
      transfer(
        [{ id, version: 3, fromOwnerId: anna, toOwnerId: bert }],
        [
          { id: anna, accessVersion: 1 },
          { id: bert, accessVersion: 1 },
        ],
      ),
      transfer(
        [{ id, version: 4, fromOwnerId: bert, toOwnerId: cleo }],
        [
          { id: bert, accessVersion: 2 },
          { id: cleo, accessVersion: 1 },
        ],
      ),
    );
    expect(await arrearsOf(ofOwners([anna, 1]), id)).toEqual([]);
    expect(await arrearsOf(ofOwners([bert, 2]), id)).toEqual([]);
    expect(await arrearsOf(ofOwners([cleo, 1]), id)).toEqual([
      expect.objectContaining({ customerName: '改名', ownerId: cleo }),
    ]);
  });

  test('that are deleted take what they owe with them until they are restored', async () => {
    const [id, anna] = [newId(), newId()];
    await books.tell(customer(id, anna), purchase({ customerId: id }));
    await books.tell(customer(id, anna, { deleted: true, owners: [{ id: anna, accessVersion: 1 }] }, 2));
    expect(await arrearsOf(ALL, id)).toEqual([]);
    await books.tell(customer(id, anna, { owners: [{ id: anna, accessVersion: 2 }] }, 3));
    expect(await arrearsOf(ofOwners([anna, 2]), id)).toHaveLength(1);
  });
});

describe("an owner's version", () => {
  const move = (owner: string, version: number) => transfer([], [{ id: owner, accessVersion: version }]);
  const versionOf = async (owner: string) => {
    const rows = await books.dataSource.query<{ version: number }[]>(
      `SELECT version FROM owner_versions WHERE owner_id = $1`,
      [owner],
    );
    return rows[0]?.version;
  };

  test('goes up one by one; what was counted before is not counted again', async () => {
    const owner = newId();
    await books.tell(move(owner, 1), move(owner, 2));
    await books.tell(move(owner, 1), move(owner, 2));
    expect(await versionOf(owner)).toBe(2);
  });

  test('that leaves one out waits for it, and nothing of the batch is kept', async () => {
    const [owner, id] = [newId(), newId()];
    await books.tell(move(owner, 1));
    await expect(books.tell(customer(id, owner), move(owner, 3))).rejects.toThrow(Retry);
    expect(await versionOf(owner)).toBe(1);
    expect(await books.dataSource.query(`SELECT FROM customers WHERE id = $1`, [id])).toEqual([]);
    await books.tell(move(owner, 2), move(owner, 3));
    expect(await versionOf(owner)).toBe(3);
  });

  test('is taken as its owner states it, unless more is known', async () => {
    const owner = newId();
    await books.tell(accessVersion(owner, 57));
    await books.tell(accessVersion(owner, 12), move(owner, 58));
    expect(await versionOf(owner)).toBe(58);
  });
});

describe('the ledger', () => {
  test('takes a payment before its purchase, and each payment once', async () => {
    const [customerId, id] = [newId(), newId()];
    const early = payment(id, '40.00', '2026-01-05');
    await books.tell(customer(customerId, newId()), early);
    await books.tell(purchase({ id, customerId, payable: '100.00' }), early);
    expect(await arrearsOf(ALL, customerId)).toEqual([
      expect.objectContaining({ purchaseId: id, paid: '40.00', balance: '60.00' }),
    ]);
    await books.tell(payment(id, '60.00', '2026-01-06'));
    expect(await arrearsOf(ALL, customerId)).toEqual([]);
    await books.tell(payment(id, '-60.00', '2026-01-07'));
    expect(await arrearsOf(ALL, customerId)).toEqual([expect.objectContaining({ balance: '60.00' })]);
  });

  test("keeps a purchase's newest state", async () => {
    const [customerId, id] = [newId(), newId()];
    const edited = purchase({ id, customerId, payable: '80.00', productName: '新', version: 2 });
    await books.tell(customer(customerId, newId()), edited, purchase({ id, customerId, productName: '旧' }));
    await books.tell(purchase({ id, customerId, productName: '旧' }));
    expect(await arrearsOf(ALL, customerId)).toEqual([
      expect.objectContaining({ productName: '新', balance: '80.00', bucket: 'd1_30', daysPastDue: 29 }),
    ]);
  });

  test('can be emptied and told anew', async () => {
    const [customerId, id, owner] = [newId(), newId(), newId()];
    const told = [customer(customerId, owner), purchase({ id, customerId }), payment(id, '30.00', '2026-01-05')];
    await books.tell(...told);
    const before = await arrearsOf(ALL, customerId);
    await books.db.ownerDataSource.query(`TRUNCATE charges, ledger_entries, customers, owner_versions`);
    expect(await arrearsOf(ALL, customerId)).toEqual([]);
    await books.tell(accessVersion(owner, 3), ...told.toReversed());
    expect(await arrearsOf(ofOwners([owner, 3]), customerId)).toEqual(before);
  });
});

test('users: names of now, of the newest version', async () => {
  const [customerId, owner] = [newId(), newId()];
  await books.tell(customer(customerId, owner), purchase({ customerId }));
  await books.tell(user(owner, { displayName: '新' }, 2), user(owner, { displayName: '旧' }));
  const { owners } = await books.arrears.summarize({ scope: ofOwners(owner), groupBy: 'owner' });
  expect(owners).toEqual([
    expect.objectContaining({ ownerId: owner, username: 'sales01', ownerName: '新', total: '100.00', purchases: 1 }),
  ]);
});

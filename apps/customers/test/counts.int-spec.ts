import { editCustomers } from '#contracts/bulk';
import type { Actor } from '#contracts/context';
import { deleteCustomer, listCustomers, restoreCustomer, updateCustomer } from '#contracts/customers';
import { createDelegation } from '#contracts/delegations';
import { countNewCustomers, customerFunnel, listTags } from '#contracts/statistics';
import { createStatus, deleteStatus, listStatuses } from '#contracts/statuses';
import { createTransfer, undoTransfer } from '#contracts/transfers';
import { COUNTED_ANEW } from '../src/counts/counts.sql.js';
import { CustomerImport } from '../src/customer/customer-import.js';
import { as, refusal, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

/** What is kept, and what the customers themselves would be counted to; the same but for zeros. */
async function expectKept(): Promise<number> {
  const sorted = (sql: string) =>
    f.db.dataSource.query<object[]>(`SELECT * FROM (${sql}) counts ORDER BY kind, owner_id, value`);
  const anew = await sorted(COUNTED_ANEW);
  expect(await sorted('SELECT kind, owner_id, value, count FROM customer_counts WHERE count <> 0')).toEqual(anew);
  return anew.length;
}

let serial = 0;
const some = (who: Actor, more: object = {}) => {
  const name = `Counted ${++serial}`;
  return f.customer(who, name, name, more);
};

describe('kept counts', () => {
  it('are what a count would give, whatever happens to customers [C3, C49]', async () => {
    const status = await f.ask(createStatus, { name: 'Counted' }, as(f.admin));
    const one = await some(f.anna, { tags: ['a', 'b'], createdOn: '2020-01-31' });
    const two = await some(f.anna, { tags: ['a'], createdOn: '2020-02-01', statusId: status.id });
    expect(await expectKept()).toBeGreaterThan(4);

    const patch = { statusId: status.id, tags: ['b', 'c'], createdOn: '2019-12-31' };
    await f.ask(updateCustomer, { customerId: one.id, patch }, as(f.anna));
    await expectKept();
    await f.ask(deleteCustomer, { customerId: two.id }, as(f.anna));
    await expectKept();
    await f.ask(restoreCustomer, { customerId: two.id }, as(f.admin));
    await expectKept();

    const transfer = { customerIds: [one.id, two.id], toUserId: f.bert.userId, reason: 'r' };
    const { id: transferId } = await f.ask(createTransfer, transfer, as(f.anna));
    await expectKept();
    await f.ask(undoTransfer, { transferId }, as(f.anna));
    await expectKept();

    const action = { type: 'add-tag' as const, tag: 'd' };
    await f.ask(editCustomers, { customerIds: [one.id, two.id], action }, as(f.anna));
    await expectKept();
    const row = { code: 'CN-1', name: 'Counted import', keyword: 'Counted import', owner: 'bert' };
    for (const values of [row, { ...row, status: 'Counted', created_on: '2001-01-01' }]) {
      const batch = [{ row: 2, values }];
      await f.db.dataSource.transaction((tx) => f.service.app.get(CustomerImport).applyBatch(tx, f.admin, batch));
      await expectKept();
    }
    const { items } = await f.ask(listStatuses, {}, as(f.admin));
    const moveTo = items.find(({ isDefault }) => isDefault)?.id;
    await f.ask(deleteStatus, { statusId: status.id, moveTo }, as(f.admin));
    await expectKept();
  });

  it('are right for writers at the same moment [C49]', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => some(n % 2 ? f.anna : f.bert, { tags: [`t${n % 3}`] })));
    await expectKept();
  });
});

describe('statistics', () => {
  it('tell each the customers of his own view, also those delegated to him [C3, C49]', async () => {
    const [owner, helper] = [
      await f.person('salesperson', 'count-owner'),
      await f.person('salesperson', 'count-helper'),
    ];
    const [given] = [
      await some(owner, { tags: ['vip', 'east'], createdOn: '2018-03-01' }),
      await some(owner, { tags: ['vip'], createdOn: '2018-03-31' }),
      await some(owner, { createdOn: '2018-05-01' }),
    ];
    await some(helper, { tags: ['east'], createdOn: '2018-05-02' });
    const range = { from: '2018-03', to: '2018-05' };
    const seenBy = async (who: Actor) => {
      const funnel = await f.ask(customerFunnel, {}, as(who));
      const months = await f.ask(countNewCustomers, range, as(who));
      const { items: tags } = await f.ask(listTags, {}, as(who));
      return {
        all: funnel.items.reduce((sum, { count }) => sum + count, 0),
        months: months.items.map(({ count }) => count),
        tags: tags.map(({ tag, count }) => `${tag} ${count}`),
      };
    };
    expect(await seenBy(owner)).toEqual({ all: 3, months: [2, 0, 1], tags: ['vip 2', 'east 1'] });
    expect(await seenBy(helper)).toEqual({ all: 1, months: [0, 0, 1], tags: ['east 1'] });

    const delegate = (more: object) =>
      f.ask(createDelegation, { delegateId: helper.userId, reason: 'r', ...more }, as(owner));
    await delegate({ customerIds: [given.id] });
    expect(await seenBy(helper)).toEqual({ all: 2, months: [1, 0, 1], tags: ['east 2', 'vip 1'] });
    await delegate({ scope: 'all' });
    expect(await seenBy(helper)).toEqual({ all: 4, months: [2, 0, 2], tags: ['east 2', 'vip 2'] });

    const { items } = await f.ask(countNewCustomers, { ...range, groupBy: 'owner' }, as(f.finance));
    expect(items).toEqual([
      { month: '2018-03', ownerId: owner.userId, ownerName: 'COUNT-OWNER', count: 2 },
      { month: '2018-05', ownerId: helper.userId, ownerName: 'COUNT-HELPER', count: 1 },
      { month: '2018-05', ownerId: owner.userId, ownerName: 'COUNT-OWNER', count: 1 },
    ]);
    expect((await f.ask(listCustomers, {}, as(helper))).items).toHaveLength((await seenBy(helper)).all);
  });

  it('have each month of the range, twelve if none is named, and refuse one that is none [C49]', async () => {
    const months = async (range: object) =>
      (await f.ask(countNewCustomers, range, as(f.anna))).items.map(({ month }) => month);
    expect(await months({ from: '2023-11', to: '2024-02' })).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
    expect(await months({})).toHaveLength(12);
    for (const range of [{ from: '2024-02', to: '2024-01' }, { from: '2000-01', to: '2024-01' }, { from: '2024-13' }]) {
      expect(await refusal(months(range))).toBe('invalid/validation');
    }
  });
});

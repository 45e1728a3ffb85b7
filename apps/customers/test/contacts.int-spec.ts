import {
  contactChanged,
  createContact,
  deleteContact,
  getContact,
  listContacts,
  updateContact,
} from '#contracts/contacts';
import type { Actor } from '#contracts/context';
import { deleteCustomer, listCustomers, updateCustomer } from '#contracts/customers';
import { createDelegation } from '#contracts/delegations';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

let count = 0;
const some = async () => (await f.customer(f.anna, `Contacted ${++count}`, `Contacted ${count}`)).id;
const add = (customerId: string, name: string, more: object = {}, who: Actor = f.anna) =>
  f.ask(createContact, { customerId, name, ...more }, as(who));
const primaries = async (customerId: string) =>
  (await f.ask(listContacts, { customerId }, as(f.anna))).items.map(({ name, primary }) => [name, primary]);

describe('contacts', () => {
  it('are many, of whom one is primary: the first, and then whoever is made so [C30]', async () => {
    const customerId = await some();
    const details = {
      ...{ title: '财务经理', phone: '0755-1', mobile: '138', email: 'a@b.example' },
      ...{ wechat: 'wx', birthday: '1988-06-01', note: '周五不在' },
    };
    const first = await add(customerId, '李娜', details);
    expect(first).toMatchObject({ ...details, customerId, primary: true, version: 1 });
    const second = await add(customerId, '王强');
    expect(await primaries(customerId)).toEqual([
      ['李娜', true],
      ['王强', false],
    ]);

    const patch = { primary: true as const };
    await f.ask(updateContact, { customerId, contactId: second.id, patch }, as(f.anna, { ifMatch: 1 }));
    expect(await primaries(customerId)).toEqual([
      ['王强', true],
      ['李娜', false],
    ]);
    expect(await f.ask(getContact, { customerId, contactId: first.id }, as(f.anna))).toMatchObject({ version: 2 });

    await add(customerId, '赵一', { primary: true });
    expect(await primaries(customerId)).toEqual([
      ['赵一', true],
      ['李娜', false],
      ['王强', false],
    ]);
    await Promise.all([1, 2, 3].map((n) => add(customerId, `同时${n}`, { primary: true })));
    expect((await primaries(customerId)).filter(([, primary]) => primary)).toHaveLength(1);
  });

  it('are edited at the version that was seen, and deleted; then the oldest is primary [C30]', async () => {
    const customerId = await some();
    const [first, second] = [await add(customerId, '甲', { title: 'CEO' }), await add(customerId, '乙')];
    const edit = (ifMatch: number) =>
      f.ask(updateContact, { customerId, contactId: first.id, patch: { title: null } }, as(f.anna, { ifMatch }));
    expect(await edit(1)).not.toHaveProperty('title');
    expect(await refusal(edit(1))).toBe('precondition-failed/stale-version');
    const remove = (ifMatch: number) =>
      f.ask(deleteContact, { customerId, contactId: first.id }, as(f.anna, { ifMatch }));
    expect(await refusal(remove(1))).toBe('precondition-failed/stale-version');
    await remove(2);
    expect(await primaries(customerId)).toEqual([['乙', true]]);
    const gone = { customerId, contactId: first.id };
    expect(await refusal(f.ask(getContact, gone, as(f.anna)))).toBe('not-found/not-found');
    const elsewhere = { customerId: await some(), contactId: second.id };
    expect(await refusal(f.ask(getContact, elsewhere, as(f.anna)))).toBe('not-found/not-found');
  });

  it('come in pages, each once', async () => {
    const customerId = await some();
    for (const name of ['丙', '甲', '乙']) await add(customerId, name);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await f.ask(listContacts, { customerId, limit: 1, cursor }, as(f.anna));
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(
      ['丙', '乙', '甲'].sort((a, b) => Number(b === '丙') - Number(a === '丙') || (a < b ? -1 : 1)),
    );
  });

  it('belong to whoever may see or edit the customer, and of a deleted customer are not changed', async () => {
    const customerId = await some();
    const { id: contactId } = await add(customerId, '丁');
    expect(await refusal(f.ask(listContacts, { customerId }, as(f.bert)))).toBe('not-found/not-found');
    expect(await refusal(add(customerId, '戊', {}, f.bert))).toBe('not-found/not-found');
    expect(await refusal(add(customerId, '戊', {}, f.finance))).toBe('forbidden/forbidden');
    expect((await f.ask(listContacts, { customerId }, as(f.finance))).items).toHaveLength(1);
    const lent = { delegateId: f.bert.userId, customerIds: [customerId], reason: '年假' };
    const { id: delegationId } = await f.ask(createDelegation, lent, as(f.anna));
    await f.ask(updateContact, { customerId, contactId, patch: { phone: '9' } }, as(f.bert));
    const [event] = (await told(f.db, contactChanged.subject)).slice(-1);
    expect(event).toMatchObject({
      version: 2,
      by: { userId: f.bert.userId, forUserId: f.anna.userId, delegationId },
      data: { id: contactId, action: 'edited', primary: true },
    });
    await f.ask(deleteCustomer, { customerId }, as(f.anna));
    expect(await refusal(add(customerId, '己', {}, f.admin))).toBe('rule-violated/customer-deleted');
  });

  it('are what their customer is found by, as long as they are there [C26]', async () => {
    const customerId = await some();
    const found = async (q: string) => (await f.ask(listCustomers, { q }, as(f.anna))).items.map(({ id }) => id);
    const { id: contactId } = await add(customerId, '歐陽鋒', { mobile: '13912345678' });
    expect(await found('欧阳')).toEqual([customerId]);
    expect(await found('12345678')).toEqual([customerId]);
    await f.ask(updateCustomer, { customerId, patch: { phone: '4001' } }, as(f.anna));
    expect(await found('欧阳锋')).toEqual([customerId]);
    await f.ask(updateContact, { customerId, contactId, patch: { name: '黄药师' } }, as(f.anna));
    expect([await found('欧阳'), await found('黄药师')]).toEqual([[], [customerId]]);
    await f.ask(deleteContact, { customerId, contactId }, as(f.anna));
    expect(await found('黄药师')).toEqual([]);
  });
});

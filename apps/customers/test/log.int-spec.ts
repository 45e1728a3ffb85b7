import { createContact } from '#contracts/contacts';
import { createDelegation, updateCustomer } from '#contracts/customers';
import { recordFollowUp } from '#contracts/follow-ups';
import { listAudit, listLog, recordTakeaway } from '#contracts/log';
import { as, refusal, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

let count = 0;
const some = async () => (await f.customer(f.anna, `Logged ${++count}`, `Logged ${count}`)).id;

it('tells who did what for whom, with the fields that changed, newest first, in pages [C31, C43]', async () => {
  const customerId = await some();
  await f.ask(createDelegation, { delegateId: f.bert.userId, customerIds: [customerId], reason: '年假' }, as(f.anna));
  await f.ask(updateCustomer, { customerId, patch: { phone: '4001' } }, as(f.bert));
  await f.ask(createContact, { customerId, name: '李娜' }, as(f.anna));
  await f.ask(recordFollowUp, { customerId, kind: 'visit', content: '看了样机' }, as(f.bert));

  const seen = [];
  for (let cursor: string | undefined; ;) {
    const page = await f.ask(listLog, { customerId, limit: 2, cursor }, as(f.finance));
    seen.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const forAnna = { byUserId: f.bert.userId, byName: 'BERT', forUserId: f.anna.userId, forName: 'ANNA' };
  expect(seen).toMatchObject([
    { kind: 'follow-up', resource: 'follow-up', ...forAnna, followUp: { content: '看了样机', kind: 'visit' } },
    { resource: 'contact', action: 'created', byName: 'ANNA' },
    { resource: 'customer', action: 'edited', ...forAnna, changes: [{ field: 'phone', from: null, to: '4001' }] },
    { resource: 'customer', action: 'created', byName: 'ANNA' },
  ]);
  expect(seen[1]?.changes).toContainEqual({ field: 'name', from: null, to: '李娜' });
  const kinds = (await f.ask(listLog, { customerId, kind: 'follow-up' }, as(f.anna))).items.map(({ kind }) => kind);
  expect(kinds).toEqual(['follow-up']);
  expect(await refusal(f.ask(listLog, { customerId }, as(f.cleo)))).toBe('not-found/not-found');
});

it('can be changed, emptied and thinned out by nobody who serves [C34]', async () => {
  for (const act of [`UPDATE log_entries SET changes = '[]'`, 'DELETE FROM log_entries', 'TRUNCATE log_entries']) {
    await expect(f.db.dataSource.query(act)).rejects.toThrow('permission denied for table log_entries');
  }
});

it('is read whole by the administrator alone, with filters [C35]', async () => {
  const customerId = await some();
  await f.ask(updateCustomer, { customerId, patch: { phone: '1' } }, as(f.admin));
  const audit = async (query: object) => (await f.ask(listAudit, query, as(f.admin))).items;
  expect((await audit({ customerId })).map(({ action }) => action)).toEqual(['edited', 'created']);
  expect((await audit({ customerId, userId: f.admin.userId })).map(({ action }) => action)).toEqual(['edited']);
  expect(await audit({ customerId, action: 'created', resource: 'customer' })).toHaveLength(1);
  expect(await audit({ customerId, to: '2000-01-01' })).toEqual([]);
  expect(await audit({ customerId, from: '2000-01-01', to: '2999-12-31' })).toHaveLength(2);
  for (const who of [f.anna, f.finance]) {
    expect(await refusal(f.ask(listAudit, {}, as(who)))).toBe('forbidden/forbidden');
  }
});

it('has one entry for each export and print, and none of what one may not take away [C23]', async () => {
  const customerId = await some();
  const list = { action: 'exported' as const, what: 'customers', format: 'csv', filter: { tag: 'x' }, rowCount: 7 };
  await f.ask(recordTakeaway, list, as(f.anna));
  const [entry] = (await f.ask(listAudit, { action: 'exported', userId: f.anna.userId }, as(f.admin))).items;
  expect(entry).toMatchObject({ resource: 'customers', details: { format: 'csv', filter: { tag: 'x' }, rowCount: 7 } });
  const card = { action: 'printed' as const, what: 'customer', format: 'html', rowCount: 1, customerIds: [customerId] };
  await f.ask(recordTakeaway, card, as(f.anna));
  expect((await f.ask(listLog, { customerId }, as(f.anna))).items[0]).toMatchObject({ action: 'printed', customerId });
  expect(await refusal(f.ask(recordTakeaway, card, as(f.bert)))).toBe('not-found/not-found');
  expect(await refusal(f.ask(recordTakeaway, card, as(f.finance)))).toBe('forbidden/forbidden');
});

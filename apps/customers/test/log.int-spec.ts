import { createContact } from '#contracts/contacts';
import { createCustomField, deleteCustomField, updateCustomField } from '#contracts/custom-fields';
import { updateCustomer } from '#contracts/customers';
import { createDelegation, revokeDelegation } from '#contracts/delegations';
import { recordFollowUp } from '#contracts/follow-ups';
import { endTakeaway, listAudit, listLog, recordTakeaway, type LogEntry } from '#contracts/log';
import { createSavedView, deleteSavedView, updateSavedView } from '#contracts/saved-views';
import { createStatus, deleteStatus, updateStatus } from '#contracts/statuses';
import { createTransfer, undoTransfer } from '#contracts/transfers';
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
    { resource: 'delegation', action: 'given', byName: 'ANNA' },
    { resource: 'customer', action: 'created', byName: 'ANNA' },
  ]);
  expect(seen[1]?.changes).toContainEqual({ field: 'name', from: null, to: '李娜' });
  const kinds = (await f.ask(listLog, { customerId, kind: 'follow-up' }, as(f.anna))).items.map(({ kind }) => kind);
  expect(kinds).toEqual(['follow-up']);
  expect(await refusal(f.ask(listLog, { customerId }, as(f.cleo)))).toBe('not-found/not-found');
});

describe('handing over', () => {
  const given = (customerIds: string[]) =>
    f.ask(createDelegation, { delegateId: f.bert.userId, customerIds, reason: '年假' }, as(f.anna));
  const logOf = async (customerId: string) => (await f.ask(listLog, { customerId }, as(f.admin))).items.slice(0, -1);

  it('stands in the log of each customer: the transfer, what it ended, and its undoing [C31]', async () => {
    const [first, second, kept] = [await some(), await some(), await some()];
    const { id: both } = await given([first, kept]);
    const { id: single } = await given([second]);
    const input = { customerIds: [first, second], toUserId: f.cleo.userId, reason: 'leaves' };
    const { id: transferId } = await f.ask(createTransfer, input, as(f.anna));
    await f.ask(undoTransfer, { transferId }, as(f.anna));

    const [anna, cleo] = [f.anna.userId, f.cleo.userId];
    const moved = (action: string, from: string, to: string) => {
      const changes = [{ field: 'ownerId', from, to }];
      return { resource: 'customer', action, byUserId: anna, changes, details: { transferId } };
    };
    for (const [customerId, delegationId] of [
      [first, both],
      [second, single],
    ] as const) {
      const details = { ownerId: anna, delegateId: f.bert.userId, reason: '年假' };
      const delegation = { resource: 'delegation', resourceId: delegationId, byUserId: anna, details };
      expect(await logOf(customerId)).toMatchObject([
        { ...moved('undone', cleo, anna), resourceId: customerId },
        { ...delegation, action: 'ended-by-transfer' },
        { ...moved('transferred', anna, cleo), resourceId: customerId },
        { ...delegation, action: 'given' },
      ]);
    }
    expect((await logOf(kept)).map(({ action }) => action)).toEqual(['given']);
  });

  it('is noted when a delegation is taken back, and not at all when it is refused [C31]', async () => {
    const customerId = await some();
    const { id: delegationId } = await given([customerId]);
    const refused = [
      f.ask(revokeDelegation, { delegationId }, as(f.bert)),
      f.ask(createTransfer, { customerIds: [customerId], toUserId: f.cleo.userId, reason: 'r' }, as(f.bert)),
    ];
    expect(await Promise.all(refused.map(refusal))).toEqual(['forbidden/not-owner', 'forbidden/not-owner']);
    await f.ask(revokeDelegation, { delegationId }, as(f.admin));
    expect(await logOf(customerId)).toMatchObject([
      { resource: 'delegation', action: 'revoked', resourceId: delegationId, byUserId: f.admin.userId },
      { resource: 'delegation', action: 'given', resourceId: delegationId, byUserId: f.anna.userId },
    ]);
  });

  it('of all that somebody owns is one entry without a customer [C31, C35]', async () => {
    const dora = await f.person('salesperson', 'dora');
    const given = await f.ask(createDelegation, { delegateId: f.bert.userId, scope: 'all', reason: 'r' }, as(dora));
    const { items } = await f.ask(listAudit, { resource: 'delegation', userId: dora.userId }, as(f.admin));
    expect(items).toMatchObject([{ action: 'given', resourceId: given.id, details: { scope: 'all' } }]);
    expect(items[0]).not.toHaveProperty('customerId');
  });
});

describe('what is set up for everybody', () => {
  const audited = async (resource: string, id: string) =>
    (await f.ask(listAudit, { resource }, as(f.admin))).items.filter(({ resourceId }) => resourceId === id);
  const told = ({ action, changes, byUserId }: LogEntry) => ({ action, changes, byUserId });
  const anyVersion = (who = f.admin) => as(who, { ifMatch: '*' });

  it('has an entry for each change of a status, and none where nothing changed [C31, C35]', async () => {
    const { id, position } = await f.ask(createStatus, { name: '试用', color: '#112233' }, as(f.admin));
    await f.ask(updateStatus, { statusId: id, patch: { name: '试用中' } }, anyVersion());
    await f.ask(updateStatus, { statusId: id, patch: { name: '试用中' } }, anyVersion());
    await f.ask(deleteStatus, { statusId: id }, anyVersion());
    const byUserId = f.admin.userId;
    const [deleted, edited, created, ...more] = (await audited('status', id)).map(told);
    expect(deleted).toMatchObject({ action: 'deleted', byUserId });
    expect(deleted?.changes).toContainEqual({ field: 'name', from: '试用中', to: null });
    expect(edited).toEqual({ action: 'edited', byUserId, changes: [{ field: 'name', from: '试用', to: '试用中' }] });
    expect(created).toMatchObject({ action: 'created', byUserId });
    expect(created?.changes).toContainEqual({ field: 'position', from: null, to: position });
    expect(more).toEqual([]);
  });

  it('has an entry for each change of a field [C31, C35]', async () => {
    const field = { key: 'grade', label: '等级', type: 'choice' as const, options: ['甲'] };
    const { id: fieldId } = await f.ask(createCustomField, field, as(f.admin));
    await f.ask(updateCustomField, { fieldId, patch: { options: ['甲', '乙'] } }, anyVersion());
    await f.ask(deleteCustomField, { fieldId }, anyVersion());
    const entries = await audited('custom-field', fieldId);
    expect(entries.map(({ action }) => action)).toEqual(['deleted', 'edited', 'created']);
    expect(entries[1]?.changes).toEqual([{ field: 'options', from: ['甲'], to: ['甲', '乙'] }]);
  });

  it('has an entry for each change of a view while it is shared, and none of what is private [C31, C35]', async () => {
    const { id: viewId } = await f.ask(createSavedView, { name: '我的', query: { q: '铁' } }, as(f.anna));
    await f.ask(updateSavedView, { viewId, patch: { name: '私下' } }, anyVersion(f.anna));
    expect(await audited('shared-view', viewId)).toEqual([]);
    await f.ask(updateSavedView, { viewId, patch: { shared: true } }, anyVersion(f.anna));
    await f.ask(updateSavedView, { viewId, patch: { name: '大家的' } }, anyVersion(f.anna));
    await f.ask(deleteSavedView, { viewId }, anyVersion(f.anna));
    const entries = await audited('shared-view', viewId);
    expect(entries.map(({ action }) => action)).toEqual(['deleted', 'edited', 'created']);
    expect(entries[1]).toMatchObject({ byName: 'ANNA', changes: [{ field: 'name', from: '私下', to: '大家的' }] });
  });
});

it('can be changed, emptied and thinned out by nobody who serves [C34]', async () => {
  const changes = { log_entries: `changes = '[]'`, follow_ups: `content = ''`, takeaways: 'row_count = 0' };
  for (const [table, change] of Object.entries(changes)) {
    for (const act of [`UPDATE ${table} SET ${change}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(f.db.dataSource.query(act)).rejects.toThrow(`permission denied for table ${table}`);
    }
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
  const list = { action: 'exported' as const, what: 'customers', format: 'csv', filter: { tag: 'x' } };
  const { id } = await f.ask(recordTakeaway, list, as(f.anna));
  const exported = async () =>
    (await f.ask(listAudit, { action: 'exported', userId: f.anna.userId }, as(f.admin))).items;
  const about = { format: 'csv', filter: { tag: 'x' } };
  expect(await exported()).toMatchObject([{ id, resource: 'customers', details: about }]);
  // How it ended is added by the gateway alone, when it knows; and once.
  await f.ask(endTakeaway, { id, rowCount: 7, complete: true });
  await f.ask(endTakeaway, { id, rowCount: 8, complete: false });
  expect(await exported()).toMatchObject([{ id, details: { ...about, rowCount: 7, complete: true } }]);
  const card = { action: 'printed' as const, what: 'customer', format: 'html', customerIds: [customerId] };
  await f.ask(recordTakeaway, card, as(f.anna));
  expect((await f.ask(listLog, { customerId }, as(f.anna))).items[0]).toMatchObject({ action: 'printed', customerId });
  expect(await refusal(f.ask(recordTakeaway, card, as(f.bert)))).toBe('not-found/not-found');
  expect(await refusal(f.ask(recordTakeaway, card, as(f.finance)))).toBe('forbidden/forbidden');
});

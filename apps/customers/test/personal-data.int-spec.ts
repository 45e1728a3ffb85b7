import { contactChanged, createContact, listContacts, updateContact } from '#contracts/contacts';
import { listCustomers, updateCustomer } from '#contracts/customers';
import { listFollowUps, recordFollowUp } from '#contracts/follow-ups';
import { listAudit, listLog, recordTakeaway } from '#contracts/log';
import { Outbox } from '#messaging/outbox';
import { DuplicateRepository } from '../src/duplicate/duplicate.repository.js';
import { DuplicateService } from '../src/duplicate/duplicate.service.js';
import { personalData } from '../src/personal-data/personal-data.command.js';
import { PersonalDataRepository } from '../src/personal-data/personal-data.repository.js';
import { PersonalDataService } from '../src/personal-data/personal-data.service.js';
import { as, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

/** The command, as the schema's owner runs it, or somebody else. */
function run(args: string[], dataSource = f.db.ownerDataSource): Promise<string> {
  const duplicates = new DuplicateService(dataSource, new DuplicateRepository());
  const data = new PersonalDataRepository();
  return personalData(args, new PersonalDataService(dataSource, data, duplicates, new Outbox('customers')));
}
const names = (value: unknown) => JSON.stringify(value).match(/王伟|王经理|1390000|wang@example|总监|李娜/g) ?? [];

let count = 0;
/** A customer with two contacts, of whom one is named all over. */
async function named() {
  const { id: customerId } = await f.customer(f.anna, `Personal ${++count}`, `Personal ${count}`);
  const wang = { name: '王伟', title: '总监', mobile: '1390000', email: 'wang@example.com', birthday: '1980-02-03' };
  const { id: contactId } = await f.ask(createContact, { customerId, ...wang }, as(f.anna));
  const { id: otherId } = await f.ask(createContact, { customerId, name: '李娜' }, as(f.anna));
  const edit = { customerId, contactId, patch: { title: '高级总监' } };
  await f.ask(updateContact, edit, as(f.anna, { ifMatch: '*' }));
  await f.ask(updateCustomer, { customerId, patch: { note: '找王伟或李娜' } }, as(f.anna));
  await f.ask(updateCustomer, { customerId, patch: { note: '见联系人' } }, as(f.anna));
  await f.ask(recordFollowUp, { customerId, kind: 'call', content: '王伟说下周付款，王经理同意' }, as(f.anna));
  await f.ask(recordFollowUp, { customerId, kind: 'visit', content: '看了样机' }, as(f.anna));
  return { customerId, contactId, otherId };
}
const held = async (customerId: string) => ({
  contacts: (await f.ask(listContacts, { customerId }, as(f.anna))).items,
  log: (await f.ask(listLog, { customerId }, as(f.anna))).items,
  followUps: (await f.ask(listFollowUps, { customerId }, as(f.anna))).items,
});

it("blanks what names one contact, and leaves what was done and other people's names [C34]", async () => {
  const { customerId, contactId, otherId } = await named();
  const search = { action: 'exported', what: 'customers', format: 'csv', filter: { q: '王伟' } } as const;
  const { id: exportId } = await f.ask(recordTakeaway, search, as(f.anna));
  const before = await held(customerId);
  const told = await run(['erase-person', customerId, contactId, '--word', '王经理']);
  expect(told).toBe('Erased in 1 contacts, 5 entries of the log, 1 follow-ups');

  const after = await held(customerId);
  expect(names(after).filter((name) => name !== '李娜')).toEqual([]);
  expect(after.contacts).toMatchObject([{ id: otherId, name: '李娜', primary: true }]);
  expect(after.followUps.map(({ content }) => content)).toEqual(['看了样机', '***说下周付款，***同意']);
  const [entry, ...entries] = after.log;
  expect(entry).toMatchObject({
    resource: 'personal-data',
    action: 'erased',
    details: { contactId, contacts: 1, logEntries: 5, followUps: 1 },
  });
  const acts = (log: typeof entries) =>
    log.map(({ id, at, action, byName, changes }) => ({
      id,
      at,
      action,
      byName,
      fields: changes.map((one) => one.field),
    }));
  expect(acts(entries)).toEqual(acts(before.log));
  expect(JSON.stringify(entries)).toContain('找***或李娜');
  expect(await f.ask(listCustomers, { q: '王伟' }, as(f.anna))).toMatchObject({ items: [] });
  const audit = (await f.ask(listAudit, { action: 'exported' }, as(f.admin))).items;
  expect(audit.find(({ id }) => id === exportId)?.details).toMatchObject({ filter: { q: '***' } });
});

it('tells whoever is looking that the contact is gone, as what the system itself did [C34]', async () => {
  const { customerId, contactId } = await named();
  await run(['erase-person', customerId, contactId]);
  const of = { id: contactId, customerId };
  const events = (await told<typeof of>(f.db, contactChanged.subject)).filter(({ data }) => data.id === contactId);
  expect(events.map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(events.at(-1)).toMatchObject({ by: null, data: { ...of, action: 'deleted', primary: false } });
});

it('changes nothing the second time, and notes nothing [C34]', async () => {
  const { customerId, contactId } = await named();
  await run(['erase-person', customerId, contactId]);
  const events = await told(f.db, contactChanged.subject);
  const once = await held(customerId);
  expect(await run(['erase-person', customerId, contactId])).toBe(
    'Erased in 0 contacts, 0 entries of the log, 0 follow-ups',
  );
  expect(await held(customerId)).toEqual(once);
  expect(await told(f.db, contactChanged.subject)).toEqual(events);
});

it('blanks everybody who is named at a customer, with all that was said [C34]', async () => {
  const { customerId } = await named();
  await run(['erase-person', customerId]);
  const { contacts, log, followUps } = await held(customerId);
  expect(contacts).toEqual([]);
  expect(followUps.map(({ content }) => content)).toEqual(['***', '***']);
  expect(names({ log, followUps })).toEqual([]);
});

it('hands out all that is held, of a contact what names him, and is in the audit [C34]', async () => {
  const { customerId, contactId, otherId } = await named();
  const parsed = async (...args: string[]) =>
    JSON.parse(await run(['export-person', customerId, ...args])) as Record<string, Record<string, unknown>[]>;
  const one = await parsed(contactId);
  expect(Object.keys(one)).toEqual(['contacts', 'followUps', 'log']);
  expect(one['contacts']).toMatchObject([{ id: contactId, mobile: '1390000', birthday: '1980-02-03' }]);
  expect(one['followUps']).toMatchObject([{ content: '王伟说下周付款，王经理同意' }]);
  expect(one['log']?.map(({ resource, action }) => `${String(resource)} ${String(action)}`)).toEqual([
    'contact created',
    'contact edited',
    'customer edited',
    'customer edited',
  ]);

  const all = await parsed();
  expect(all['customer']).toMatchObject({ id: customerId, note: '见联系人' });
  expect(all['contacts']?.map(({ id }) => id)).toEqual([contactId, otherId]);
  expect(all['followUps']).toHaveLength(2);
  const { items } = await f.ask(listAudit, { resource: 'personal-data', customerId }, as(f.admin));
  expect(items).toMatchObject([
    { action: 'exported', details: {} },
    { action: 'exported', details: { contactId } },
  ]);
});

it('is for the schema’s owner alone: the role that serves can neither become the one that blanks nor do it [C34]', async () => {
  const { customerId, contactId } = await named();
  const before = await held(customerId);
  await expect(run(['erase-person', customerId, contactId], f.db.dataSource)).rejects.toThrow('permission denied');
  await expect(f.db.dataSource.query('SET ROLE hfx_customers_erasure')).rejects.toThrow('permission denied');
  expect(await held(customerId)).toEqual(before);
});

it('lets the role that blanks delete nothing, and change nothing but what may name somebody [C34]', async () => {
  const { customerId } = await named();
  for (const act of [
    'DELETE FROM log_entries',
    'UPDATE log_entries SET at = app.now()',
    'UPDATE log_entries SET by_user_id = NULL',
    'UPDATE follow_ups SET occurred_at = app.now()',
    `UPDATE customers SET name = '' WHERE id = '${customerId}'`,
    'DELETE FROM contacts',
    'SELECT FROM outbox',
  ]) {
    const acting = f.db.ownerDataSource.transaction(async (tx) => {
      await new PersonalDataRepository().stepIn(tx);
      await tx.query(act);
    });
    await expect(acting).rejects.toThrow('permission denied');
  }
});

it('says how it is used, and what is not there', async () => {
  const { customerId } = await named();
  const unknown = crypto.randomUUID();
  for (const args of [
    [],
    ['erase-person'],
    ['erase', customerId],
    ['erase-person', 'x'],
    ['erase-person', customerId, '--all'],
  ]) {
    await expect(run(args)).rejects.toThrow('usage: personal-data.js');
  }
  await expect(run(['erase-person', unknown])).rejects.toThrow(`There is no customer ${unknown}`);
  await expect(run(['export-person', customerId, unknown])).rejects.toThrow(`The customer has no contact ${unknown}`);
});

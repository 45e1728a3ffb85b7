import { editCustomers } from '#contracts/bulk';
import type { Actor } from '#contracts/context';
import { customerChanged, deleteCustomer, getCustomer, type Customer } from '#contracts/customers';
import { createDelegation } from '#contracts/delegations';
import { createStatus } from '#contracts/statuses';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

let serial = 0;
const some = (who: Actor, more: object = {}) => {
  const name = `Bulk ${++serial}`;
  return f.customer(who, name, name, more);
};
const bulk = (who: Actor, customers: Pick<Customer, 'id'>[], action: object, idempotencyKey?: string) =>
  f.ask(editCustomers, { customerIds: customers.map(({ id }) => id), action } as never, as(who, { idempotencyKey }));
const events = async (id: string) =>
  (await told<{ id: string; action: string; changes: unknown }>(f.db, customerChanged.subject)).filter(
    ({ data }) => data.id === id,
  );

describe('an edit of many customers', () => {
  it('judges, changes and tells each for itself [C29, C31]', async () => {
    const status = await f.ask(createStatus, { name: 'Bulk' }, as(f.admin));
    const own = await some(f.anna);
    const same = await some(f.anna, { statusId: status.id });
    const foreign = await some(f.bert);
    const lent = await some(f.cleo);
    const gone = await some(f.anna);
    await f.ask(deleteCustomer, { customerId: gone.id }, as(f.anna));
    const delegation = { delegateId: f.anna.userId, customerIds: [lent.id], reason: 'r' };
    const { id: delegationId } = await f.ask(createDelegation, delegation, as(f.cleo));

    const action = { type: 'set-status', statusId: status.id };
    const answer = await bulk(f.anna, [own, foreign, lent, same, gone, own], action);
    expect(answer).toMatchObject({ succeeded: 3, failed: 2 });
    expect(answer.results.map(({ customerId, ok, error }) => [customerId, ok, error?.slug])).toEqual([
      [own.id, true, undefined],
      [foreign.id, false, 'not-found'],
      [lent.id, true, undefined],
      [same.id, true, undefined],
      [gone.id, false, 'not-found'],
    ]);
    const seen = (customer: Customer) => f.ask(getCustomer, { customerId: customer.id }, as(f.admin));
    expect(await seen(own)).toMatchObject({ statusId: status.id, version: 2 });
    expect(await seen(lent)).toMatchObject({ statusId: status.id, version: 2 });
    expect(await seen(foreign)).toMatchObject({ statusId: foreign.statusId, version: 1 });
    expect((await seen(same)).version).toBe(1);
    expect((await events(own.id)).at(-1)).toMatchObject({
      version: 2,
      by: { userId: f.anna.userId },
      data: { action: 'edited', changes: [{ field: 'statusId', from: own.statusId, to: status.id }] },
    });
    expect((await events(lent.id)).at(-1)?.by).toEqual({
      userId: f.anna.userId,
      forUserId: f.cleo.userId,
      delegationId,
    });
  });

  it('lets nobody edit who only reads, nor what is in the bin [C29]', async () => {
    const gone = await some(f.anna);
    await f.ask(deleteCustomer, { customerId: gone.id }, as(f.anna));
    const slugs = async (who: Actor, customer: Customer) =>
      (await bulk(who, [customer], { type: 'add-tag', tag: 'x' })).results.map(({ error }) => error?.slug);
    expect(await slugs(f.finance, await some(f.anna))).toEqual(['forbidden']);
    expect(await slugs(f.admin, gone)).toEqual(['customer-deleted']);
  });

  it('adds and removes a tag, once, up to as many as there may be [C29]', async () => {
    const full = await some(f.anna, { tags: Array.from({ length: 50 }, (_, n) => `t${n}`) });
    const one = await some(f.anna, { tags: ['a'] });
    const tags = async (customer: Customer) => (await f.ask(getCustomer, { customerId: customer.id }, as(f.anna))).tags;
    expect(await bulk(f.anna, [full, one], { type: 'add-tag', tag: 'b' })).toMatchObject({
      results: [{ ok: false, error: { kind: 'rule-violated', slug: 'too-many-tags' } }, { ok: true }],
    });
    expect(await tags(one)).toEqual(['a', 'b']);
    await bulk(f.anna, [one], { type: 'add-tag', tag: 'b' });
    await bulk(f.anna, [one], { type: 'remove-tag', tag: 'a' });
    expect(await tags(one)).toEqual(['b']);
    expect((await events(one.id)).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('happens once for an Idempotency-Key, and not at all with a status that there isn’t [A6, C29]', async () => {
    const one = await some(f.anna);
    const action = { type: 'add-tag', tag: 'once' };
    const first = await bulk(f.anna, [one], action, 'bulk-1');
    await bulk(f.anna, [one], { type: 'remove-tag', tag: 'once' });
    expect(await bulk(f.anna, [one], action, 'bulk-1')).toEqual(first);
    expect((await f.ask(getCustomer, { customerId: one.id }, as(f.anna))).tags).toEqual([]);
    expect(await refusal(bulk(f.anna, [one], { ...action, tag: 'twice' }, 'bulk-1'))).toBe(
      'rule-violated/idempotency-key-reused',
    );
    const unknown = { type: 'set-status', statusId: crypto.randomUUID() };
    expect(await refusal(bulk(f.anna, [one], unknown))).toBe('invalid/validation');
  });

  it('edits a thousand at once [C29]', async () => {
    await f.db.dataSource.query(
      `INSERT INTO customers (name, keyword, status_id, owner_id, created_on)
       SELECT 'Many ' || n, 'Many ' || n, (SELECT id FROM customer_statuses WHERE is_default), $1, '2024-01-01'
       FROM generate_series(1, 1000) AS n`,
      [f.cleo.userId],
    );
    const many = await f.db.dataSource.query<{ id: string }[]>(`SELECT id FROM customers WHERE name LIKE 'Many %'`);
    expect(await bulk(f.cleo, many, { type: 'add-tag', tag: 'many' })).toMatchObject({ succeeded: 1_000, failed: 0 });
    expect(await events(many[999]?.id ?? '')).toHaveLength(1);
  });
});

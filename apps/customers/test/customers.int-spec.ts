import {
  createCustomer,
  customerChanged,
  deleteCustomer,
  findCustomers,
  getCustomer,
  listCustomers,
  restoreCustomer,
  updateCustomer,
} from '#contracts/customers';
import type { AppError } from '#contracts/errors';
import { createStatus, deleteStatus, listStatuses, updateStatus } from '#contracts/statuses';
import { statusChanged } from '#contracts/statuses';
import { driftOf } from '#testing/database';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

describe('the schema', () => {
  it('is the same in migrations and entities', async () => expect(await driftOf(f.db)).toEqual([]));
});

describe('a customer', () => {
  it('is created with defaults, and told with its state [C4, C5]', async () => {
    const made = await f.customer(f.anna, '青山重工有限公司', '青山重工');
    const { items } = await f.ask(listStatuses, {}, as(f.anna));
    expect(made).toMatchObject({
      ownerId: f.anna.userId,
      ownerName: 'ANNA',
      statusId: items.find(({ isDefault }) => isDefault)?.id,
      access: { via: 'owner' },
      tags: [],
      version: 1,
    });
    expect(made.createdOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    const [event] = (await told<{ id: string }>(f.db, customerChanged.subject)).filter(
      ({ data }) => data.id === made.id,
    );
    expect(event).toMatchObject({
      version: 1,
      by: { userId: f.anna.userId },
      data: { action: 'created', deleted: false },
    });
  });

  it('belongs to somebody else only if the administrator says so [C8]', async () => {
    const input = { name: 'Otherwise 1', keyword: 'Otherwise 1', ownerId: f.bert.userId };
    expect(await refusal(f.ask(createCustomer, input, as(f.anna)))).toBe('forbidden/owner-is-named-by-administrator');
    expect((await f.ask(createCustomer, input, as(f.admin))).ownerId).toBe(f.bert.userId);
    const disabled = await f.person('salesperson', 'gone', false);
    const of = (ownerId: string) => f.ask(createCustomer, { ...input, ownerId }, as(f.admin));
    expect(await refusal(of(disabled.userId))).toBe('rule-violated/owner-disabled');
    expect(await refusal(of(f.finance.userId))).toBe('rule-violated/may-not-own');
  });

  it('is created once for an idempotency key', async () => {
    const input = { name: 'Only once', keyword: 'Only once' };
    const call = as(f.anna, { idempotencyKey: 'once' });
    const twins = await Promise.all([f.ask(createCustomer, input, call), f.ask(createCustomer, input, call)]);
    expect(twins[0].id).toBe(twins[1].id);
    expect(await refusal(f.ask(createCustomer, { ...input, note: 'x' }, call))).toBe(
      'rule-violated/idempotency-key-reused',
    );
  });

  it('is edited at the version that was seen, and each change is told [C19]', async () => {
    const made = await f.customer(f.anna, 'Edited', 'Edited', { phone: '1', note: 'n' });
    const edit = (patch: object, ifMatch: number | '*') =>
      f.ask(updateCustomer, { customerId: made.id, patch }, as(f.anna, { ifMatch }));
    const edited = await edit({ phone: null, email: 'a@b.cn', tags: ['vip', 'vip'], note: 'n' }, 1);
    expect(edited).toMatchObject({ version: 2, email: 'a@b.cn', tags: ['vip'], note: 'n' });
    expect(edited.phone).toBeUndefined();
    const stale = await edit({ phone: '2' }, 1).catch((error: unknown) => error as AppError);
    expect(stale).toMatchObject({ kind: 'precondition-failed', details: { current: { version: 2 } } });
    expect((await edit({ phone: '2' }, '*')).version).toBe(3);
    expect((await edit({ phone: '2' }, 3)).version).toBe(3);

    const events = await told<{ id: string; changes: unknown[] }>(f.db, customerChanged.subject);
    const changes = events.filter(({ data }) => data.id === made.id).map(({ data }) => data.changes);
    expect(changes).toEqual([
      [],
      expect.arrayContaining([
        { field: 'phone', from: '1', to: null },
        { field: 'email', from: null, to: 'a@b.cn' },
        { field: 'tags', from: [], to: ['vip'] },
      ]),
      [{ field: 'phone', from: null, to: '2' }],
    ]);
    expect(changes[1]).toHaveLength(3);
  });

  it('has a code of its own, whatever its script and case [C6]', async () => {
    await f.customer(f.anna, 'Coded 1', 'Coded 1', { code: 'K-中興-1' });
    const second = f.ask(createCustomer, { name: 'Coded 2', keyword: 'Coded 2', code: 'ｋ-中兴-1' }, as(f.bert));
    expect(await refusal(second)).toBe('conflict/code-taken');
  });

  it('is not there for others once deleted, until the administrator restores it [C20]', async () => {
    const { id } = await f.customer(f.anna, 'Deleted soon', 'Deleted soon', { code: 'D1' });
    expect(await refusal(f.ask(deleteCustomer, { customerId: id }, as(f.bert)))).toBe('not-found/not-found');
    expect(await refusal(f.ask(deleteCustomer, { customerId: id }, as(f.anna, { ifMatch: 9 })))).toBe(
      'precondition-failed/stale-version',
    );
    await f.ask(deleteCustomer, { customerId: id }, as(f.anna, { ifMatch: 1 }));
    for (const who of [f.anna, f.finance]) {
      expect(await refusal(f.ask(getCustomer, { customerId: id }, as(who)))).toBe('not-found/not-found');
      expect((await f.ask(listCustomers, { deleted: 'true' }, as(who))).items).toEqual([]);
    }
    const deleted = await f.ask(listCustomers, { deleted: 'true', q: 'deleted soon' }, as(f.admin));
    expect(deleted.items).toMatchObject([{ id, version: 2 }]);
    expect(deleted.items[0]?.deletedAt).toBeDefined();
    expect(await refusal(f.ask(restoreCustomer, { customerId: id }, as(f.anna)))).toBe('forbidden/forbidden');

    const successor = await f.customer(f.bert, 'Successor', 'Successor', { code: 'd1' });
    expect(await refusal(f.ask(restoreCustomer, { customerId: id }, as(f.admin)))).toBe('conflict/code-taken');
    await f.ask(deleteCustomer, { customerId: successor.id }, as(f.admin));
    await f.ask(restoreCustomer, { customerId: id }, as(f.admin));
    expect((await f.ask(getCustomer, { customerId: id }, as(f.anna))).deletedAt).toBeUndefined();

    const events = await told<{ id: string; action: string; owners: unknown[] }>(f.db, customerChanged.subject);
    const raised = events.filter(({ data }) => data.id === id && data.owners.length > 0).map(({ data }) => data);
    expect(raised).toMatchObject([
      { action: 'deleted', owners: [{ id: f.anna.userId, accessVersion: 1 }] },
      { action: 'restored', owners: [{ id: f.anna.userId, accessVersion: 2 }] },
    ]);
  });

  it('is found for another service by code and id, as the user sees it now', async () => {
    const mine = await f.customer(f.cleo, 'Found 1', 'Found 1', { code: 'F-１', paymentTermDays: 30 });
    const other = await f.customer(f.anna, 'Found 2', 'Found 2', { code: 'F-2' });
    const found = await f.askAs('sales', findCustomers, {
      userId: f.cleo.userId,
      codes: ['f-1', 'F-2', 'F-3'],
      ids: [other.id],
    });
    expect(found.customers).toEqual([
      { id: mine.id, code: 'F-１', ownerId: f.cleo.userId, paymentTermDays: 30, via: 'owner' },
    ]);
  });
});

describe('a list', () => {
  it('gives every customer once, in any order asked for, page by page [C25, C27]', async () => {
    const who = await f.person('salesperson', 'lister');
    for (const n of [3, 1, 2, 5, 4]) {
      await f.customer(who, `List ${n}`, `List ${n}`, { createdOn: `2020-01-0${(n % 3) + 1}` });
    }
    for (const sort of ['name', '-name', 'createdOn', '-createdOn', 'updatedAt', '-updatedAt'] as const) {
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await f.ask(listCustomers, { sort, limit: 2, cursor }, as(who));
        names.push(...page.items.map(({ name }) => name));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect([...names].sort()).toEqual(['List 1', 'List 2', 'List 3', 'List 4', 'List 5']);
      if (sort === '-name') expect(names[0]).toBe('List 5');
      if (sort === 'updatedAt') expect(names).toEqual(['List 3', 'List 1', 'List 2', 'List 5', 'List 4']);
    }
    const first = await f.ask(listCustomers, { limit: 1 }, as(who));
    expect(await refusal(f.ask(listCustomers, { limit: 1, cursor: first.nextCursor ?? '' }, as(f.admin)))).toBe(
      'invalid/validation',
    );
  });

  it('filters by status, owner, tag, date and text in any script [C25, C26]', async () => {
    const who = await f.person('salesperson', 'filterer');
    const status = await f.ask(createStatus, { name: 'Filtered' }, as(f.admin));
    const made = await f.customer(who, '深圳市中興通信股份有限公司', '中興', {
      statusId: status.id,
      tags: ['大客戶'],
      createdOn: '2011-05-05',
      phone: '0755-2677 0000',
      code: 'ZX-9',
    });
    await f.customer(who, '其他', '其他');
    const hits = async (query: object) => (await f.ask(listCustomers, query, as(who))).items.map(({ id }) => id);
    for (const query of [
      { statusId: status.id },
      { tag: '大客戶' },
      { createdFrom: '2011-05-05', createdTo: '2011-05-05' },
      { q: '中' },
      { q: '中兴通信' },
      { q: '26770000' },
      { q: 'zx-9' },
      { q: 'ＺＸ' },
      { q: '興', ownerId: who.userId, relation: 'owned' },
    ]) {
      expect({ query, found: await hits(query) }).toEqual({ query, found: [made.id] });
    }
    for (const query of [
      { q: '信通' },
      { relation: 'delegated' },
      { ownerId: f.bert.userId },
      { q: '兴', tag: 'vip' },
    ]) {
      expect({ query, found: await hits(query) }).toEqual({ query, found: [] });
    }
  });
});

describe('statuses', () => {
  const list = async (who = f.admin) => (await f.ask(listStatuses, {}, as(who))).items;

  it('are managed by the administrator alone [C1]', async () => {
    expect(await refusal(f.ask(createStatus, { name: 'Mine' }, as(f.anna)))).toBe('forbidden/forbidden');
  });

  it('have names that differ in any script, an order, and one default [C1]', async () => {
    const made = await f.ask(createStatus, { name: '潛在', color: '#112233', isDefault: true }, as(f.admin));
    expect(await refusal(f.ask(createStatus, { name: '潜在' }, as(f.admin)))).toBe('conflict/status-name-taken');
    expect((await list()).filter(({ isDefault }) => isDefault)).toMatchObject([{ id: made.id }]);

    const update = (patch: object, ifMatch: number | '*' = '*') =>
      f.ask(updateStatus, { statusId: made.id, patch }, as(f.admin, { ifMatch }));
    const first = await update({ position: 0, color: null });
    expect(first).toMatchObject({ position: 0 });
    expect(first.color).toBeUndefined();
    const after = await list();
    expect(after[0]?.id).toBe(made.id);
    expect(after.map(({ position }) => position)).toEqual(after.map((_, n) => n));
    expect(await refusal(update({ name: 'Stale' }, 1))).toBe('precondition-failed/stale-version');
    expect(await refusal(update({ name: '意向客戶' }))).toBe('conflict/status-name-taken');
  });

  it('hand their customers on when they are deleted, and count in the view of whoever asks [C2, C3]', async () => {
    const [from, to] = [
      await f.ask(createStatus, { name: 'From' }, as(f.admin)),
      await f.ask(createStatus, { name: 'To' }, as(f.admin)),
    ];
    const mine = await f.customer(f.anna, 'Status 1', 'Status 1', { statusId: from.id });
    await f.customer(f.bert, 'Status 2', 'Status 2', { statusId: from.id });
    const count = async (who: typeof f.admin, id: string) => (await list(who)).find((one) => one.id === id)?.count;
    expect([await count(f.anna, from.id), await count(f.admin, from.id), await count(f.cleo, from.id)]).toEqual([
      1, 2, 0,
    ]);

    const remove = (moveTo?: string) => f.ask(deleteStatus, { statusId: from.id, moveTo }, as(f.admin));
    expect(await refusal(remove())).toBe('rule-violated/status-in-use');
    expect(await refusal(remove(from.id))).toBe('invalid/validation');
    await remove(to.id);
    expect([await count(f.admin, from.id), await count(f.admin, to.id)]).toEqual([undefined, 2]);
    const ofStatus = (await told<{ id: string; action: string }>(f.db, statusChanged.subject)).filter(
      ({ data }) => data.id === from.id,
    );
    expect(ofStatus.map(({ version, data }) => [version, data.action])).toEqual([
      [1, 'created'],
      [2, 'deleted'],
    ]);
    expect(await f.ask(getCustomer, { customerId: mine.id }, as(f.anna))).toMatchObject({
      statusId: to.id,
      version: 2,
    });
    const [last] = (await told<{ id: string; changes: unknown }>(f.db, customerChanged.subject))
      .filter(({ data }) => data.id === mine.id)
      .slice(-1);
    expect(last).toMatchObject({ version: 2, data: { changes: [{ field: 'statusId', from: from.id, to: to.id }] } });
    expect(await refusal(f.customer(f.anna, 'Status 3', 'Status 3', { statusId: from.id }))).toBe('invalid/validation');
  });
});

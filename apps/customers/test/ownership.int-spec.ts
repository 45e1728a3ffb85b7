import { accessVersionStated, resolveAccess, resolveScope, resolveScopeOf } from '#contracts/access';
import { userChanged } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { customerChanged, deleteCustomer, listCustomers, updateCustomer, type Customer } from '#contracts/customers';
import { createDelegation, delegationChanged, listDelegations, revokeDelegation } from '#contracts/delegations';
import { recordTakeaway } from '#contracts/log';
import { createTransfer } from '#contracts/transfers';
import { Republisher } from '#messaging/republish';
import { eventually } from '#testing/eventually';
import { AccessRepository } from '../src/access/access.repository.js';
import { CountsRepository } from '../src/counts/counts.repository.js';
import { CustomerRepository } from '../src/customer/customer.repository.js';
import { UsersProjection } from '../src/projections/users.projection.js';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';
import { at, delegate, some, transfer } from './passing.js';
import { sightOf } from './sight.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const seenBy = (who: Actor, customer: Customer) => sightOf(f, who, customer);

describe('who sees a customer', () => {
  it('is its owner, the administrator and finance; no stranger [P1, P2]', async () => {
    const customer = await some(f, f.anna);
    const sights = [f.anna, f.admin, f.finance, f.bert].map((who) => seenBy(who, customer));
    expect(await Promise.all(sights)).toEqual(['owner', 'admin', 'finance', undefined]);
    const edit = (who: Actor) => f.ask(updateCustomer, { customerId: customer.id, patch: { note: 'x' } }, as(who));
    expect(await refusal(edit(f.finance))).toBe('forbidden/forbidden');
    expect(await refusal(edit(f.bert))).toBe('not-found/not-found');
    expect(await refusal(f.ask(resolveAccess, { customerId: crypto.randomUUID() }, as(f.admin)))).toBe(
      'not-found/not-found',
    );
  });

  it('is finance for those of all, in lists and in whatever is reckoned of them [P3]', async () => {
    const customers = [await some(f, f.anna), await some(f, f.bert)];
    const { items } = await f.ask(listCustomers, { q: customers[0]!.name }, as(f.finance));
    expect(items).toMatchObject([{ id: customers[0]!.id, access: { via: 'finance' } }]);
    expect(await Promise.all(customers.map((one) => seenBy(f.finance, one)))).toEqual(['finance', 'finance']);
    for (const { scope } of [
      await f.ask(resolveScope, {}, as(f.finance)),
      await f.askAs('billing', resolveScopeOf, { userId: f.finance.userId }),
    ]) {
      expect(scope).toMatchObject({ all: true });
    }
  });

  it('is a delegate, from the start of the delegation until it is revoked [C40, C41, C42]', async () => {
    const customer = await some(f, f.anna);
    const other = await some(f, f.anna);
    const given = await delegate(f, f.anna, f.bert, { customerIds: [customer.id], startsAt: at(-1), endsAt: at(1) });
    expect(given.state).toBe('active');
    expect(await f.ask(resolveAccess, { customerId: customer.id }, as(f.bert))).toEqual({
      customerId: customer.id,
      ownerId: f.anna.userId,
      via: 'delegate',
      delegationId: given.id,
    });
    expect([await seenBy(f.bert, customer), await seenBy(f.bert, other)]).toEqual(['delegate', undefined]);

    await f.ask(updateCustomer, { customerId: customer.id, patch: { note: 'by bert' } }, as(f.bert));
    const [edited] = (await told<{ id: string }>(f.db, customerChanged.subject)).slice(-1);
    expect(edited?.by).toEqual({ userId: f.bert.userId, forUserId: f.anna.userId, delegationId: given.id });
    expect(await refusal(f.ask(deleteCustomer, { customerId: customer.id }, as(f.bert)))).toBe('forbidden/not-owner');
    expect(await refusal(transfer(f, f.bert, f.cleo, { customerIds: [customer.id] }))).toBe('forbidden/not-owner');
    expect(await refusal(delegate(f, f.bert, f.cleo, { customerIds: [customer.id] }))).toBe('forbidden/not-owner');
    const card = { action: 'printed' as const, what: 'customer', format: 'html', customerIds: [customer.id] };
    expect(await refusal(f.ask(recordTakeaway, card, as(f.bert)))).toBe('forbidden/forbidden');

    expect(await refusal(f.ask(revokeDelegation, { delegationId: given.id }, as(f.bert)))).toBe('forbidden/not-owner');
    expect(await refusal(f.ask(revokeDelegation, { delegationId: given.id }, as(f.cleo)))).toBe('not-found/not-found');
    expect((await f.ask(revokeDelegation, { delegationId: given.id }, as(f.anna))).state).toBe('revoked');
    expect(await seenBy(f.bert, customer)).toBeUndefined();
    expect(await seenBy(f.anna, customer)).toBe('owner');
  });

  it('stays whoever it was while somebody changes the customer: a transfer waits for the change', async () => {
    const customer = await some(f, f.anna);
    const change = f.db.dataSource.createQueryRunner();
    await change.startTransaction();
    try {
      await new AccessRepository().grantAndLock(change.manager, f.anna, customer.id);
      const moved = transfer(f, f.anna, f.bert, { customerIds: [customer.id] });
      await eventually(async () => {
        const waiting = await f.db.dataSource.query<unknown[]>(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(waiting).toHaveLength(1);
      });
      await change.commitTransaction();
      await moved;
    } finally {
      await change.release();
    }
    expect([await seenBy(f.anna, customer), await seenBy(f.bert, customer)]).toEqual([undefined, 'owner']);
  });

  it('is judged by the clock of the database, at the moment of the read', async () => {
    const [owner, helper] = [
      await f.person('salesperson', 'clock-owner'),
      await f.person('salesperson', 'clock-helper'),
    ];
    const customer = await some(f, owner);
    await delegate(f, owner, helper, { customerIds: [customer.id], startsAt: at(1), endsAt: at(2) });
    const [access, customers, counts] = [new AccessRepository(), new CustomerRepository(), new CountsRepository()];
    const sight = (hours: number) =>
      f.db.dataSource.transaction(async (tx) => {
        await tx.query(`SELECT set_config('app.now', $1, true)`, [at(hours)]);
        const query = { limit: 10, sort: 'name' as const };
        return [
          (await access.grant(tx, helper, customer.id))?.via,
          (await customers.find(tx, helper, customer.id))?.access.via,
          (await customers.list(tx, helper, query)).items.length,
          (await counts.byStatus(tx, helper)).size,
          (await access.scope(tx, helper)) as { customerIds: string[] },
        ];
      });
    const nothing = [undefined, undefined, 0, 0, expect.objectContaining({ customerIds: [] })];
    expect(await sight(0.5)).toEqual(nothing);
    expect(await sight(1.5)).toEqual([
      'delegate',
      'delegate',
      1,
      1,
      expect.objectContaining({ customerIds: [customer.id] }),
    ]);
    expect(await sight(2.5)).toEqual(nothing);
  });

  it('covers with scope "all" whatever the owner has at the moment, and nothing of a disabled owner [C40, C45]', async () => {
    const [owner, helper] = [await f.person('salesperson', 'all-owner'), await f.person('salesperson', 'all-helper')];
    const given = await delegate(f, owner, helper, { scope: 'all' });
    const later = await some(f, owner);
    expect(await seenBy(helper, later)).toBe('delegate');
    const { scope } = await f.askAs('billing', resolveScopeOf, { userId: helper.userId });
    expect(scope).toEqual({
      all: false,
      owners: expect.arrayContaining([
        { id: helper.userId, accessVersion: 0 },
        { id: owner.userId, accessVersion: 0 },
      ]) as unknown,
      customerIds: [],
    });
    const listed = await f.ask(listCustomers, { relation: 'delegated' }, as(helper));
    expect(listed.items).toMatchObject([{ id: later.id, access: { via: 'delegate', delegationId: given.id } }]);

    const ownersOf = async (part: 'own' | 'delegated') => {
      const { scope } = await f.ask(resolveScope, { part }, as(helper));
      return scope.all ? [] : scope.owners.map(({ id }) => id);
    };
    expect([await ownersOf('own'), await ownersOf('delegated')]).toEqual([[helper.userId], [owner.userId]]);

    await f.db.dataSource.query(`UPDATE users SET active = false WHERE id = $1`, [owner.userId]);
    expect(await seenBy(helper, later)).toBeUndefined();
    await f.db.dataSource.query(`UPDATE users SET active = false WHERE id = $1`, [helper.userId]);
    expect((await f.askAs('billing', resolveScopeOf, { userId: helper.userId })).scope).toEqual({
      all: false,
      owners: [],
      customerIds: [],
    });
  });

  it('of everything tells of each time that any owner’s customers changed hands', async () => {
    const everything = async () => (await f.askAs('billing', resolveScopeOf, { userId: f.finance.userId })).scope;
    const before = await everything();
    const [giver, receiver] = [await f.person('salesperson', 'all-giver'), await f.person('salesperson', 'all-taker')];
    const customer = await some(f, giver);
    await f.ask(createTransfer, { customerIds: [customer.id], toUserId: receiver.userId, reason: '调岗' }, as(giver));
    expect(before).toEqual({ all: true, accessVersion: expect.any(Number) as unknown });
    const { accessVersion } = before as Extract<typeof before, { all: true }>;
    expect(await everything()).toEqual({ all: true, accessVersion: accessVersion + 2 });
  });
});

describe('a delegation', () => {
  it('is refused to whom it makes no sense for, and backwards in time [C44]', async () => {
    const customer = await some(f, f.anna);
    const gone = await f.person('salesperson', 'disabled', false);
    const one = { customerIds: [customer.id] };
    const refusals = [
      delegate(f, f.anna, f.anna, one),
      delegate(f, f.anna, gone, one),
      delegate(f, f.anna, f.finance, one),
      delegate(f, f.anna, f.bert, { ...one, startsAt: at(3), endsAt: at(2) }),
      delegate(f, f.anna, f.bert, { ...one, startsAt: at(-3), endsAt: at(-2) }),
      delegate(f, f.anna, f.bert, { ...one, ownerId: f.cleo.userId }),
      delegate(f, f.admin, f.bert, { ...one, ownerId: f.cleo.userId }),
      delegate(f, f.cleo, f.bert, one),
      delegate(f, f.anna, f.bert, { ...one, scope: 'all' }),
    ];
    expect(await Promise.all(refusals.map(refusal))).toEqual([
      'rule-violated/delegation-to-oneself',
      'rule-violated/delegate-disabled',
      'rule-violated/delegate-may-not-act',
      'rule-violated/delegation-ends-before-it-starts',
      'rule-violated/delegation-ends-in-the-past',
      'forbidden/owner-is-named-by-administrator',
      'rule-violated/not-the-owners-customer',
      'not-found/not-found',
      'invalid/validation',
    ]);
  });

  it('is listed for who gives and who receives it, and for the administrator', async () => {
    const [giver, taker] = [await f.person('salesperson', 'giver'), await f.person('salesperson', 'taker')];
    const given = await f.ask(
      createDelegation,
      { ownerId: giver.userId, delegateId: taker.userId, scope: 'all', startsAt: at(1), reason: 'r' },
      as(f.admin),
    );
    expect(given).toMatchObject({ state: 'scheduled', endsAt: null, customerIds: [], ownerId: giver.userId });
    const ids = async (who: Actor, direction?: 'given' | 'received') =>
      (await f.ask(listDelegations, { direction }, as(who))).items.map(({ id }) => id);
    expect(await ids(giver, 'given')).toEqual([given.id]);
    expect(await ids(giver, 'received')).toEqual([]);
    expect(await ids(taker, 'received')).toEqual([given.id]);
    expect(await ids(f.cleo)).not.toContain(given.id);
    expect(await ids(f.admin)).toContain(given.id);
    const [event] = (await told(f.db, delegationChanged.subject)).slice(-1);
    expect(event).toMatchObject({ version: 1, data: { id: given.id, action: 'given', revokedAt: null } });
  });
});

describe('users', () => {
  it('are known from their events, of which an older one changes nothing', async () => {
    const id = crypto.randomUUID();
    const event = (version: number, displayName: string, active: boolean) => ({
      id: crypto.randomUUID(),
      subject: userChanged.subject,
      aggregateId: id,
      version,
      at: at(0),
      by: null,
      data: { id, username: `u${id}`, displayName, role: 'salesperson' as const, email: null, teamId: null, active },
    });
    const projection = f.service.app.get(UsersProjection);
    const apply = (...events: ReturnType<typeof event>[]) =>
      f.db.dataSource.transaction((tx) => projection.apply(tx, events));
    await apply(event(1, 'First', true), event(3, 'Third', true));
    await apply(event(2, 'Second', false));
    expect(await f.db.dataSource.query(`SELECT display_name, active, version FROM users WHERE id = $1`, [id])).toEqual([
      { display_name: 'Third', active: true, version: 3 },
    ]);
  });

  it('that are not known yet are asked for, and kept', async () => {
    const unknown = { ...f.anna, userId: crypto.randomUUID() };
    expect((await some(f, unknown)).ownerName).toBe(`User ${unknown.userId}`);
  });
});

it('tells its whole state again, the access versions last', async () => {
  const { total } = await f.db.dataSource
    .query<[{ total: number }]>(`SELECT count(*)::int AS total FROM customers`)
    .then(([row]) => row);
  await f.service.app.get(Republisher).run();
  const events = (await told<{ action: string; id: string }>(f.db, customerChanged.subject)).filter(
    ({ data }) => data.action === 'republished',
  );
  expect(new Set(events.map(({ data }) => data.id)).size).toBe(total);
  const stated = await told<{ ownerId: string; accessVersion: number }>(f.db, accessVersionStated.subject);
  const kept = await f.db.dataSource.query(
    `SELECT owner_id AS "ownerId", version AS "accessVersion" FROM owner_access ORDER BY owner_id`,
  );
  expect(stated.map(({ data }) => data)).toEqual(kept);
  const last = await f.db.dataSource.query(`SELECT subject FROM outbox ORDER BY seq DESC LIMIT 1`);
  expect(last).toEqual([{ subject: accessVersionStated.subject }]);
});

import { resolveAccess, resolveScope, resolveScopeOf } from '#contracts/access';
import { createContact, listContacts } from '#contracts/contacts';
import type { Actor } from '#contracts/context';
import {
  customerChanged,
  deleteCustomer,
  findCustomers,
  getCustomer,
  listCustomers,
  updateCustomer,
} from '#contracts/customers';
import { createDelegation, listDelegations, revokeDelegation } from '#contracts/delegations';
import { checkDuplicates } from '#contracts/duplicates';
import { AppError } from '#contracts/errors';
import { recordFollowUp, listDueFollowUps } from '#contracts/follow-ups';
import { listLog } from '#contracts/log';
import { customerFunnel } from '#contracts/statistics';
import { createTransfer, listTransfers, previewTransfer, undoTransfer } from '#contracts/transfers';
import type { Bus } from '#messaging/bus';
import { ManagersSight } from '../src/access/managers-sight.js';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';
import { sightOf } from './sight.js';

let f: Fixture;
let boss: Actor;
/** Manages nobody. */
let other: Actor;
beforeAll(async () => {
  f = await startCustomers();
  boss = await f.person('manager', 'boss');
  other = await f.person('manager', 'other');
}, 60_000);
beforeEach(() => {
  f.manages(boss, f.anna, f.bert);
  f.manages(other);
});
afterAll(async () => f.close());

let count = 0;
const some = (owner: Actor, more = {}) => f.customer(owner, `Managed ${++count}`, `Managed ${count}`, more);
const seenBy = (who: Actor, customer: Awaited<ReturnType<typeof some>>) => sightOf(f, who, customer);
const ownersOf = async (who: Actor, part?: 'own' | 'delegated') => {
  const { scope } = await f.ask(resolveScope, { part }, as(who));
  return scope.all ? 'all' : scope.owners.map(({ id }) => id).sort();
};
const ids = (...people: Actor[]) => people.map(({ userId }) => userId).sort();
const give = (who: Actor, to: Actor, more: object) =>
  f.ask(createTransfer, { toUserId: to.userId, reason: 'balance', ...more }, as(who));
const delegate = (who: Actor, to: Actor, more: object) =>
  f.ask(createDelegation, { delegateId: to.userId, reason: 'leave', ...more }, as(who));

describe('a manager', () => {
  it('sees the customers of his teams, in lists and sums as one by one, and no others [P8]', async () => {
    const [annas, cleos, own] = [await some(f.anna), await some(f.cleo), await some(boss)];
    expect(await Promise.all([annas, cleos, own].map((one) => seenBy(boss, one)))).toEqual([
      'manager',
      undefined,
      'owner',
    ]);
    expect(await seenBy(other, annas)).toBeUndefined();
    expect(await ownersOf(boss)).toEqual(ids(boss, f.anna, f.bert));
    const { items } = await f.ask(customerFunnel, {}, as(boss));
    const listed = await f.ask(listCustomers, { limit: 200 }, as(boss));
    expect(items.reduce((sum, one) => sum + one.count, 0)).toBe(listed.items.length);
    const deleted = await some(f.anna);
    await f.ask(deleteCustomer, { customerId: deleted.id }, as(f.anna));
    expect(await refusal(f.ask(getCustomer, { customerId: deleted.id }, as(boss)))).toBe('not-found/not-found');
  });

  it('reads all that belongs to them, and changes none of it [P8]', async () => {
    const { id: customerId, name } = await some(f.anna);
    await f.ask(createContact, { customerId, name: 'Li' }, as(f.anna));
    const followUp = { kind: 'call' as const, content: 'c', occurredAt: '1999-12-01T00:00:00Z', nextOn: '2000-01-01' };
    await f.ask(recordFollowUp, { customerId, ...followUp }, as(f.anna));
    expect((await f.ask(listContacts, { customerId }, as(boss))).items).toHaveLength(1);
    expect((await f.ask(listLog, { customerId }, as(boss))).items.length).toBeGreaterThan(0);
    const due = await f.ask(listDueFollowUps, { ownerId: f.anna.userId }, as(boss));
    expect(due.items.map((one) => one.customerId)).toContain(customerId);
    const { matches } = await f.ask(checkDuplicates, { name, keyword: name }, as(boss));
    expect(matches.map((match) => match.customerId)).toContain(customerId);

    const changes = [
      f.ask(updateCustomer, { customerId, patch: { note: 'x' } }, as(boss)),
      f.ask(createContact, { customerId, name: 'Wu' }, as(boss)),
      f.ask(recordFollowUp, { customerId, ...followUp }, as(boss)),
      f.ask(deleteCustomer, { customerId }, as(boss)),
    ];
    const refused = await Promise.all(changes.map(refusal));
    expect(new Set(refused)).toEqual(new Set(['forbidden/forbidden', 'forbidden/not-owner']));
  });

  it('sees and loses them from the request after the teams have changed [P8]', async () => {
    const [annas, cleos] = [await some(f.anna), await some(f.cleo)];
    f.manages(boss, f.cleo);
    expect([await seenBy(boss, annas), await seenBy(boss, cleos)]).toEqual([undefined, 'manager']);
    expect(await ownersOf(boss)).toEqual(ids(boss, f.cleo));
    f.manages(other, f.anna);
    expect(await seenBy(other, annas)).toBe('manager');
    // Whose role has changed is no manager, whatever his teams.
    const former = { ...other, role: 'salesperson' as const };
    expect(await refusal(f.ask(getCustomer, { customerId: annas.id }, as(former)))).toBe('not-found/not-found');
  });

  it('is shown nothing while nobody can tell whom he manages [P8]', async () => {
    const away = { request: () => Promise.reject(new AppError('unavailable', 'unavailable')) } as unknown as Bus;
    await expect(new ManagersSight(away).complete(boss)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await new ManagersSight(away).complete(f.anna)).toBe(f.anna);
  });

  it('is judged the same in work that outlives his request, and for his digests [P8]', async () => {
    const [annas, cleos] = [await some(f.anna), await some(f.cleo)];
    const asked = { userId: boss.userId, ids: [annas.id, cleos.id] };
    const { customers } = await f.askAs('sales', findCustomers, asked);
    expect(customers).toMatchObject([{ id: annas.id, via: 'manager' }]);
    const { scope } = await f.askAs('billing', resolveScopeOf, { userId: boss.userId });
    expect(scope).toMatchObject({ all: false, owners: { length: 3 } });
  });

  it('is a delegate besides, of what is delegated to him [P8, C40]', async () => {
    const customer = await some(f.anna);
    const { id: delegationId } = await delegate(f.anna, boss, { customerIds: [customer.id] });
    const both = { customerId: customer.id, ownerId: f.anna.userId, via: 'manager', delegationId };
    expect(await f.ask(resolveAccess, { customerId: customer.id }, as(boss))).toEqual(both);
    await f.ask(updateCustomer, { customerId: customer.id, patch: { note: 'x' } }, as(boss));
    const [edited] = (await told(f.db, customerChanged.subject)).slice(-1);
    expect(edited?.by).toEqual({ userId: boss.userId, forUserId: f.anna.userId, delegationId });

    const foreign = await some(f.cleo);
    await delegate(f.cleo, boss, { scope: 'all' });
    expect(await seenBy(boss, foreign)).toBe('delegate');
    expect(await ownersOf(boss, 'delegated')).toEqual(ids(f.cleo));
    expect(await ownersOf(boss, 'own')).toEqual(ids(boss, f.anna, f.bert));
    const { items } = await f.ask(listCustomers, { relation: 'delegated', limit: 200 }, as(boss));
    expect(new Set(items.map(({ ownerId }) => ownerId))).toEqual(new Set(ids(f.cleo)));
    expect(await refusal(give(boss, f.bert, { customerIds: [foreign.id] }))).toBe('forbidden/not-owner');
  });
});

describe('inside his teams a manager', () => {
  it('transfers customers of his people to his people, and takes it back [P8]', async () => {
    const customer = await some(f.anna);
    const selection = { customerIds: [customer.id], toUserId: f.bert.userId };
    expect(await f.ask(previewTransfer, selection, as(boss))).toMatchObject({ customerCount: 1 });
    const moved = await give(boss, f.bert, { customerIds: [customer.id] });
    expect(await seenBy(f.bert, customer)).toBe('owner');
    expect((await f.ask(listTransfers, {}, as(boss))).items[0]).toEqual(moved);
    await f.ask(undoTransfer, { transferId: moved.id }, as(boss));
    expect(await seenBy(f.anna, customer)).toBe('owner');
  });

  it('transfers all of a leaver, of his own teams alone [P8]', async () => {
    const leaver = await f.person('salesperson', 'leaver');
    await some(leaver);
    const all = { fromUserId: leaver.userId };
    expect(await refusal(give(boss, f.bert, all))).toBe('forbidden/not-owner');
    f.manages(boss, f.anna, f.bert, leaver);
    expect(await give(boss, f.bert, all)).toMatchObject({ customerCount: 1 });
  });

  it('gives nothing out of them, and takes nothing from outside [P8]', async () => {
    const stranger = await f.person('salesperson', 'stranger');
    const [annas, strangers, own] = [await some(f.anna), await some(stranger), await some(boss)];
    expect(await refusal(give(boss, f.cleo, { customerIds: [annas.id] }))).toBe('forbidden/outside-teams');
    expect(await refusal(give(boss, f.bert, { customerIds: [strangers.id] }))).toBe('not-found/not-found');
    const outside = { ownerId: f.anna.userId, customerIds: [annas.id] };
    expect(await refusal(delegate(boss, f.cleo, outside))).toBe('forbidden/outside-teams');
    const foreign = { ownerId: stranger.userId, scope: 'all' };
    expect(await refusal(delegate(boss, f.bert, foreign))).toBe('forbidden/owner-is-named-by-administrator');
    expect(await give(boss, f.cleo, { customerIds: [own.id] })).toMatchObject({ customerCount: 1 });
  });

  it('delegates for his people, and ends what they have delegated [P8]', async () => {
    const customer = await some(f.anna);
    const given = await delegate(boss, f.bert, { ownerId: f.anna.userId, customerIds: [customer.id] });
    expect(await seenBy(f.bert, customer)).toBe('delegate');
    expect((await f.ask(listDelegations, {}, as(boss))).items.map(({ id }) => id)).toContain(given.id);
    expect(await refusal(f.ask(revokeDelegation, { delegationId: given.id }, as(other)))).toBe('not-found/not-found');
    expect((await f.ask(revokeDelegation, { delegationId: given.id }, as(boss))).state).toBe('revoked');
    expect(await seenBy(f.bert, customer)).toBeUndefined();
  });
});

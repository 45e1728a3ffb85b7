import { resolveScope } from '#contracts/access';
import { userChanged } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { listCustomers } from '#contracts/customers';
import { createDelegation } from '#contracts/delegations';
import { createSavedView } from '#contracts/saved-views';
import { countNewCustomers } from '#contracts/statistics';
import { UsersProjection } from '../src/projections/users.projection.js';
import { as, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
let boss: Actor;
const [north, south] = [crypto.randomUUID(), crypto.randomUUID()];
beforeAll(async () => {
  f = await startCustomers();
  boss = await f.person('manager', 'boss');
  f.members(north, f.anna, boss);
  f.members(south, f.bert);
  f.manages(boss, f.anna);
  for (const [n, owner] of [f.anna, f.anna, f.bert, f.cleo, boss].entries()) {
    await f.customer(owner, `Of a team ${n}`, `Of a team ${n}`, { createdOn: '2019-04-01' });
  }
}, 60_000);
afterAll(async () => f.close());

const listed = async (who: Actor, teamId: string) =>
  (await f.ask(listCustomers, { teamId }, as(who))).items.map(({ ownerName }) => ownerName).sort();
const inScope = async (who: Actor, query: object) => {
  const { scope } = await f.ask(resolveScope, query, as(who));
  return scope.all ? 'all' : scope.owners.map(({ id }) => id).sort();
};
const ids = (...people: Actor[]) => people.map(({ userId }) => userId).sort();

it('the list shows of a team and of those below it what the caller sees [P7]', async () => {
  expect(await listed(f.admin, north)).toEqual(['ANNA', 'ANNA', 'BOSS']);
  expect(await listed(f.finance, south)).toEqual(['BERT']);
  expect(await listed(boss, north)).toEqual(['ANNA', 'ANNA', 'BOSS']);
  expect(await listed(boss, south)).toEqual([]);
  expect(await listed(f.bert, south)).toEqual(['BERT']);
  expect(await listed(f.bert, north)).toEqual([]);
  expect(await listed(f.admin, crypto.randomUUID())).toEqual([]);
});

it('sums are bounded by the team as the list is, also to what may be taken away [P7, P8]', async () => {
  expect(await inScope(f.admin, {})).toBe('all');
  expect(await inScope(f.admin, { teamId: north })).toEqual(ids(f.anna, boss));
  expect(await inScope(boss, { teamId: north })).toEqual(ids(f.anna, boss));
  expect(await inScope(boss, { teamId: south })).toEqual([]);
  expect(await inScope(f.finance, { teamId: south, part: 'own' })).toEqual(ids(f.bert));
  expect(await inScope(f.finance, { teamId: south, part: 'delegated' })).toEqual([]);

  const { items } = await f.ask(listCustomers, { ownerId: f.bert.userId }, as(f.bert));
  const customerIds = items.map(({ id }) => id);
  await f.ask(createDelegation, { delegateId: f.cleo.userId, customerIds, reason: 'leave' }, as(f.bert));
  const single = async (query: object) => {
    const { scope } = await f.ask(resolveScope, query, as(f.cleo));
    return scope.all ? [] : scope.customerIds;
  };
  expect([await single({ teamId: south }), await single({ teamId: north })]).toEqual([customerIds, []]);
  expect(await single({ teamId: south, part: 'own' })).toEqual([]);
});

it('new customers are counted by the teams of their owners, in the view of the caller [P7, C49]', async () => {
  const told = (who: Actor, teamId: string | null) => ({
    ...{ id: crypto.randomUUID(), subject: userChanged.subject, aggregateId: who.userId, version: 2, by: null },
    at: '2026-01-01T00:00:00.000Z',
    data: {
      ...{ id: who.userId, username: who.username, displayName: who.username, role: who.role },
      ...{ email: null, teamId, language: null, active: true },
    },
  });
  const events = [told(f.anna, north), told(boss, north), told(f.bert, south), told(f.cleo, null)];
  await f.db.dataSource.transaction((tx) => f.service.app.get(UsersProjection).apply(tx, events));
  const counted = async (who: Actor) => {
    const query = { from: '2019-04', to: '2019-04', groupBy: 'team' as const };
    const { items } = await f.ask(countNewCustomers, query, as(who));
    return new Map(items.map(({ teamId, count }) => [teamId, count]));
  };
  expect(await counted(f.admin)).toEqual(new Map([[north, 3], [south, 1], [null, 1]])); // prettier-ignore
  expect(await counted(boss)).toEqual(new Map([[north, 3]]));
});

it('a view may keep a team [P7]', async () => {
  const view = await f.ask(createSavedView, { name: 'North', query: { teamId: north } }, as(f.admin));
  expect(view.query).toMatchObject({ teamId: north });
});

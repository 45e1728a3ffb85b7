import type { Actor } from '#contracts/context';
import { getCustomer, updateCustomer } from '#contracts/customers';
import { summarizeDelegation } from '#contracts/delegation-summary';
import { createDelegation, revokeDelegation } from '#contracts/delegations';
import type { EventEnvelope } from '#contracts/event';
import { recordFollowUp } from '#contracts/follow-ups';
import { listAudit, listLog } from '#contracts/log';
import { paymentRecorded } from '#contracts/sales';
import { closeBus, connectBus } from '#messaging/connection';
import type { AppliesEvents } from '#messaging/projection';
import { everySample } from '#testing/contracts';
import { eventually } from '#testing/eventually';
import { AuthLogProjection, BillingLogProjection, SalesLogProjection } from '../src/projections/log.projection.js';
import { as, refusal, startCustomers, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const samples = everySample();
let version = 0;

/** The contract's sample, as a new event that bert caused for anna. */
function event(subject: string, data: object, more: Partial<EventEnvelope> = {}): EventEnvelope & { data: object } {
  const sample = samples.get(`evt.${subject}.v1`);
  if (!sample || !('event' in sample)) throw new Error(`No sample of ${subject}`);
  const told = sample.event as EventEnvelope & { data: object };
  const by = { userId: f.bert.userId, forUserId: f.anna.userId, delegationId: crypto.randomUUID() };
  const envelope = { ...told, id: crypto.randomUUID(), version: ++version, by, ...more };
  return { ...envelope, data: { ...told.data, ...data } };
}

const apply = (projection: new (...args: never[]) => AppliesEvents, events: EventEnvelope[]) =>
  f.db.dataSource.transaction((tx) => f.service.app.get<AppliesEvents>(projection).apply(tx, events));
const some = async () => (await f.customer(f.anna, `Told ${++version}`, `Told ${version}`)).id;
const named = (customerId: string) => f.ask(getCustomer, { customerId }, as(f.anna));
const logOf = async (customerId: string) => (await f.ask(listLog, { customerId }, as(f.anna))).items;
const acts = async (customerId: string) =>
  (await logOf(customerId)).map(({ resource, action }) => `${resource} ${action}`).sort();

it('holds what sales did, by whom, for whom and when [C32]', async () => {
  const customerId = await some();
  await apply(SalesLogProjection, [
    event('sales.purchase.changed', { customerId, action: 'recorded' }),
    event('sales.purchase.changed', { customerId, action: 'voided', voidReason: '重复' }),
    event('sales.payment.recorded', { customerId, amount: '12.50' }),
    event('sales.quote.changed', { customerId, action: 'converted' }),
  ]);
  expect(await acts(customerId)).toEqual([
    'customer created',
    'payment recorded',
    'purchase recorded',
    'purchase voided',
    'quote converted',
  ]);
  const entry = (await logOf(customerId)).find(({ resource }) => resource === 'payment');
  expect(entry).toMatchObject({
    at: '2026-03-05T09:12:44.120Z',
    byName: 'BERT',
    forName: 'ANNA',
    details: { amount: '12.50', paidOn: '2026-03-05', method: 'transfer' },
  });
});

it('holds what billing did [C32]', async () => {
  const customerId = await some();
  await apply(BillingLogProjection, [
    event('billing.reminder.changed', { customerId, action: 'opened' }, { by: null }),
    event('billing.reminder.changed', { customerId, action: 'promised' }),
    // Of before events named what was done.
    event('billing.reminder.changed', { customerId, action: undefined, state: 'settled' }, { by: null }),
    event('billing.notice.issued', { customerId, number: 'D2026-000043' }),
    event('billing.notice.printed', { customerId, number: 'D2026-000043' }),
  ]);
  expect(await acts(customerId)).toEqual([
    'customer created',
    'dunning-notice issued',
    'dunning-notice printed',
    'reminder opened',
    'reminder promised',
    'reminder settled',
  ]);
  const log = await logOf(customerId);
  expect(log.find(({ action }) => action === 'opened')).not.toHaveProperty('byUserId');
  expect(log.find(({ action }) => action === 'issued')).toMatchObject({ details: { number: 'D2026-000043' } });
});

it('gains nothing from what is told again [C32]', async () => {
  const customerId = await some();
  const [purchase, payment] = [
    event('sales.purchase.changed', { customerId, action: 'edited' }),
    event('sales.payment.recorded', { customerId }),
  ];
  await apply(SalesLogProjection, [purchase, payment]);
  const before = await logOf(customerId);
  const again = <E extends EventEnvelope>(one: E) => ({ ...one, id: crypto.randomUUID(), by: null });
  await apply(SalesLogProjection, [
    again(payment),
    again({ ...purchase, data: { ...purchase.data, action: 'republished' } }),
    event('sales.purchase.changed', { customerId, action: 'republished' }, { by: null }),
    // The payment's own event tells of it.
    event('sales.purchase.changed', { customerId, action: 'paid' }),
    event('sales.quote.changed', { customerId, action: 'republished' }, { by: null }),
  ]);
  await apply(BillingLogProjection, [event('billing.reminder.changed', { customerId, action: 'republished' })]);
  expect(await logOf(customerId)).toEqual(before);
});

it('is for the administrator alone where it is about users, settings and the catalogue [C32, C35]', async () => {
  const [userId, productId] = [crypto.randomUUID(), crypto.randomUUID()];
  const [teamId, tokenId] = [crypto.randomUUID(), crypto.randomUUID()];
  const user = (one: number, by: EventEnvelope['by']) =>
    event('auth.user.changed', { id: userId }, { aggregateId: userId, version: one, by });
  const team = (what: 'changed' | 'removed', one: number, by: EventEnvelope['by']) =>
    event(`auth.team.${what}`, { id: teamId }, { aggregateId: teamId, version: one, by });
  const by = { userId: f.admin.userId };
  await apply(AuthLogProjection, [
    user(1, by),
    user(2, by),
    user(3, null),
    team('changed', 1, by),
    team('changed', 2, by),
    team('changed', 2, null),
    team('removed', 3, by),
    event('auth.session.revoked', { userId, sessionId: null }, { aggregateId: userId, by }),
    event('auth.api-token.changed', { id: tokenId, userId, action: 'created' }, { aggregateId: tokenId, by }),
    event('auth.api-token.changed', { id: tokenId, userId, action: 'revoked' }, { aggregateId: tokenId, by }),
  ]);
  await apply(SalesLogProjection, [event('sales.product.changed', { id: productId, action: 'edited' })]);
  const changes = [{ field: 'currency', from: 'CNY', to: 'HKD' }];
  await apply(AuthLogProjection, [
    event('auth.settings.changed', { changes }, { by }),
    event('auth.settings.changed', { changes: [] }, { by: null }),
  ]);
  const audit = async (query: object) => (await f.ask(listAudit, query, as(f.admin))).items;
  const users = await audit({ resource: 'user', userId: f.admin.userId });
  expect(users.map(({ action, resourceId }) => [action, resourceId])).toEqual([
    ['edited', userId],
    ['created', userId],
  ]);
  const teams = await audit({ resource: 'team' });
  expect(teams.map(({ action, resourceId }) => [action, resourceId])).toEqual([
    ['deleted', teamId],
    ['edited', teamId],
    ['created', teamId],
  ]);
  expect(await audit({ resource: 'session' })).toMatchObject([{ action: 'revoked', details: { userId } }]);
  expect(await audit({ resource: 'settings' })).toMatchObject([
    { action: 'edited', byUserId: f.admin.userId, changes },
  ]);
  const tokens = await audit({ resource: 'api-token' });
  expect(tokens.map(({ action }) => action)).toEqual(['revoked', 'created']);
  expect(tokens[0]).toMatchObject({ resourceId: tokenId, details: { name: '每晚对账' } });
  expect(await audit({ resource: 'product' })).toMatchObject([{ action: 'edited', resourceId: productId }]);
});

describe('handed back', () => {
  const given = (customerIds: string[]) => {
    // Before the moment of the samples.
    const delegation = { delegateId: f.bert.userId, startsAt: '2026-03-01T00:00:00Z', reason: '年假' };
    return f.ask(createDelegation, { ...delegation, customerIds }, as(f.anna));
  };
  const summaryFor = (delegationId: string, who: Actor) => f.ask(summarizeDelegation, { delegationId }, as(who));

  it('is summed up: what was done under the delegation, here and by the other services [C46]', async () => {
    const [first, second, other] = [await some(), await some(), await some()];
    const { id: delegationId } = await given([first, second]);
    await given([other]);
    for (const customerId of [first, second, other]) {
      await f.ask(recordFollowUp, { customerId, kind: 'call', content: '回访' }, as(f.bert));
    }
    await f.ask(updateCustomer, { customerId: first, patch: { phone: '1' } }, as(f.bert));
    await f.ask(updateCustomer, { customerId: first, patch: { phone: '2' } }, as(f.anna));
    const by = { userId: f.bert.userId, forUserId: f.anna.userId, delegationId };
    await apply(SalesLogProjection, [
      event('sales.purchase.changed', { customerId: first, action: 'recorded' }, { by }),
    ]);
    // Letters go to many customers at once: billing knows for whom, but not under which delegation.
    const { delegationId: _, ...forOwner } = by;
    await apply(BillingLogProjection, [event('billing.notice.issued', { customerId: second }, { by: forOwner })]);

    const [{ name: firstName }, { name: secondName }] = [await named(first), await named(second)];
    const summary = await summaryFor(delegationId, f.anna);
    expect(summary).toEqual({
      delegationId,
      counts: [
        { resource: 'follow-up', action: 'recorded', count: 2 },
        { resource: 'customer', action: 'edited', count: 1 },
        { resource: 'dunning-notice', action: 'issued', count: 1 },
        { resource: 'purchase', action: 'recorded', count: 1 },
      ],
      customers: [
        { customerId: first, name: firstName, entries: 3 },
        { customerId: second, name: secondName, entries: 2 },
      ],
      entries: 5,
    });
    expect(await summaryFor(delegationId, f.admin)).toEqual(summary);
  });

  it('is for owner, delegate and administrator, and names to nobody a customer that he does not see [C46]', async () => {
    const customerId = await some();
    const { id: delegationId } = await given([customerId]);
    await f.ask(recordFollowUp, { customerId, kind: 'call', content: '回访' }, as(f.bert));
    expect((await summaryFor(delegationId, f.bert)).customers).toMatchObject([{ customerId }]);
    await f.ask(revokeDelegation, { delegationId }, as(f.anna));
    expect(await summaryFor(delegationId, f.bert)).toMatchObject({ customers: [], entries: 1 });
    expect(await summaryFor(delegationId, f.anna)).toMatchObject({ customers: [{ customerId }], entries: 1 });
    for (const who of [f.cleo, f.finance]) {
      expect(await refusal(summaryFor(delegationId, who))).toBe('not-found/not-found');
    }
  });
});

it('is filled from the stream of whoever did it [C32]', async () => {
  const customerId = await some();
  const { nats } = f.service;
  const sales = await connectBus({ servers: nats.url, ...nats.credentials('sales'), service: 'sales' });
  const told = event('sales.payment.recorded', { customerId });
  sales.publish(paymentRecorded.subject, JSON.stringify(told));
  await closeBus(sales);
  await eventually(async () => expect(await acts(customerId)).toContain('payment recorded'));
});

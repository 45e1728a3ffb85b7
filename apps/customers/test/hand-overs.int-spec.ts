import type { Actor } from '#contracts/context';
import { deleteCustomer } from '#contracts/customers';
import { createDelegation, delegationChanged, listDelegations } from '#contracts/delegations';
import { createHandOver, findHoldings, listHandOvers, previewHandOver, undoHandOver } from '#contracts/hand-overs';
import { listAudit, listLog } from '#contracts/log';
import { createTransfer, customersTransferred, listTransfers, undoTransfer } from '#contracts/transfers';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';
import { sightOf } from './sight.js';

let f: Fixture;
let leaver: Actor;
let first: Actor;
let second: Actor;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

let count = 0;
beforeEach(async () => {
  count += 1;
  [leaver, first, second] = await Promise.all([
    f.person('salesperson', `leaver${count}`),
    f.person('salesperson', `first${count}`),
    f.person('salesperson', `second${count}`),
  ]);
});

const DAY = 86_400_000;
const at = (ms: number) => new Date(performance.timeOrigin + performance.now() + ms).toISOString();
const some = (owner: Actor, name: string) => f.customer(owner, `${name} ${count}`, `${name} ${count}`);
const delegate = (owner: Actor, to: Actor, input: object) =>
  f.ask(createDelegation, { delegateId: to.userId, reason: 'leave', ...input }, as(owner));
const handOver = (to: Actor[], call: object = {}, who = f.admin) => {
  const input = { userId: leaver.userId, toUserIds: to.map(({ userId }) => userId), reason: 'leaves' };
  return f.ask(createHandOver, input, as(who, call));
};
const undo = (handOverId: string, who = f.admin) => f.ask(undoHandOver, { handOverId }, as(who));
const holdings = () => f.ask(findHoldings, { userId: leaver.userId }, as(f.admin));
const statesOf = async (...ids: string[]) => {
  const { items } = await f.ask(listDelegations, { limit: '200' }, as(f.admin));
  return ids.map((id) => items.find((one) => one.id === id)?.state);
};

/** What the leaver has: three customers, two delegations given, one received, and one that is over. */
async function settled() {
  const [c, a, b] = [await some(leaver, 'C'), await some(leaver, 'A'), await some(leaver, 'B')];
  const lent = await some(f.anna, 'Lent');
  const over = await delegate(leaver, f.bert, { customerIds: [a.id] });
  await f.db.dataSource.query(`UPDATE delegations SET starts_at = $2, ends_at = $3 WHERE id = $1`, [
    over.id,
    at(-2 * DAY),
    at(-DAY),
  ]);
  const given = await delegate(leaver, f.bert, { customerIds: [a.id, b.id] });
  const all = await delegate(leaver, f.cleo, { scope: 'all', startsAt: at(DAY) });
  const received = await delegate(f.anna, leaver, { customerIds: [lent.id], endsAt: at(DAY) });
  return { a, b, c, lent, over, given, all, received };
}

describe('a hand-over', () => {
  it('shows what a leaver holds, and where it would go: in turn, in the order of names [P20]', async () => {
    const { a, b, c } = await settled();
    expect(await holdings()).toEqual({ customerIds: [a.id, b.id, c.id], delegationsGiven: 2, delegationsReceived: 1 });
    const toUserIds = [second.userId, first.userId];
    expect(await f.ask(previewHandOver, { userId: leaver.userId, toUserIds }, as(f.admin))).toEqual({
      receivers: [
        { userId: second.userId, customerIds: [a.id, c.id] },
        { userId: first.userId, customerIds: [b.id] },
      ],
    });
    expect(await sightOf(f, leaver, a)).toBe('owner');
  });

  it('moves all customers and ends all delegations in one act, and one act takes it back [P20]', async () => {
    const { a, b, c, lent, over, given, all, received } = await settled();
    const delegationIds = [given.id, all.id, received.id].sort();
    const made = await handOver([first, second]);
    expect(made).toMatchObject({ userId: leaver.userId, customerCount: 3, reason: 'leaves', delegationIds });
    expect(made.transferIds).toHaveLength(2);
    expect(Date.parse(made.undoUntil) - Date.parse(made.createdAt)).toBe(7 * DAY);
    const owners = () =>
      Promise.all([a, b, c].map((one) => Promise.all([sightOf(f, first, one), sightOf(f, second, one)])));
    expect(await owners()).toEqual([
      ['owner', undefined],
      [undefined, 'owner'],
      ['owner', undefined],
    ]);
    expect(await Promise.all([a, b, c, lent].map((one) => sightOf(f, leaver, one)))).toEqual(Array(4).fill(undefined));
    expect(await statesOf(given.id, all.id, received.id, over.id)).toEqual([
      'revoked',
      'revoked',
      'revoked',
      'expired',
    ]);
    expect(await holdings()).toEqual({ customerIds: [], delegationsGiven: 0, delegationsReceived: 0 });

    const later = await delegate(first, f.bert, { customerIds: [c.id] });
    const undone = await undo(made.id);
    expect(undone).toEqual({ ...made, undoneAt: expect.any(String) as string });
    expect(await owners()).toEqual(Array(3).fill([undefined, undefined]));
    expect(await Promise.all([a, b, c].map((one) => sightOf(f, leaver, one)))).toEqual(Array(3).fill('owner'));
    expect(await sightOf(f, leaver, lent)).toBe('delegate');
    expect([await sightOf(f, f.bert, a), await sightOf(f, f.bert, c)]).toEqual(['delegate', undefined]);
    expect(await statesOf(given.id, all.id, received.id, over.id, later.id)).toEqual([
      'active',
      'scheduled',
      'active',
      'expired',
      'revoked',
    ]);
    expect(await refusal(undo(made.id))).toBe('conflict/already-undone');
    expect((await f.ask(listHandOvers, {}, as(f.admin))).items[0]).toEqual(undone);
  });

  it('is told to the other services as its transfers, and stands in each customer’s log [P20]', async () => {
    const { a, given } = await settled();
    const made = await handOver([first, second]);
    await undo(made.id);
    const events = (
      await told<{ transferId: string; action: string; owners: { accessVersion: number }[] }>(
        f.db,
        customersTransferred.subject,
      )
    ).filter(({ data }) => made.transferIds.includes(data.transferId));
    expect(events.map(({ version, data }) => [version, data.action])).toEqual([
      [1, 'transferred'],
      [1, 'transferred'],
      [2, 'undone'],
      [2, 'undone'],
    ]);
    // Each event that names the leaver is one more for whoever waits for his version.
    const ofLeaver = events.map(
      ({ data }) => data.owners.find((owner) => (owner as { id?: string }).id === leaver.userId)?.accessVersion,
    );
    expect(ofLeaver).toEqual([1, 2, 3, 4]);
    const delegations = (await told<{ id: string; action: string }>(f.db, delegationChanged.subject)).filter(
      ({ data }) => data.id === given.id,
    );
    expect(delegations.map(({ version, data }) => [version, data.action])).toEqual([
      [1, 'given'],
      [2, 'ended-by-hand-over'],
      [3, 'resumed'],
    ]);
    const log = (await f.ask(listLog, { customerId: a.id }, as(leaver))).items;
    expect(log.filter(({ resource }) => resource === 'customer')).toMatchObject([
      { action: 'undone', byUserId: f.admin.userId, details: { handOverId: made.id } },
      {
        action: 'transferred',
        changes: [{ field: 'ownerId', from: leaver.userId, to: first.userId }],
        details: { handOverId: made.id },
      },
      { action: 'created' },
    ]);
    const audit = (await f.ask(listAudit, { resource: 'hand-over' }, as(f.admin))).items;
    expect(audit.filter(({ resourceId }) => resourceId === made.id).map(({ action }) => action)).toEqual([
      'undone',
      'made',
    ]);
  });

  it('is made once for an Idempotency-Key, and of several at once one moves what there is [P20]', async () => {
    await settled();
    const call = { idempotencyKey: crypto.randomUUID() };
    const made = await handOver([first], call);
    expect(await handOver([first], call)).toEqual(made);
    await undo(made.id);
    const outcomes = await Promise.allSettled([handOver([first]), handOver([second]), handOver([first, second])]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ slug: 'nothing-to-hand-over' });
    }
  });

  it('of one who has only delegations ends them [P20]', async () => {
    const lent = await some(f.anna, 'Only lent');
    const received = await delegate(f.anna, leaver, { customerIds: [lent.id] });
    const made = await handOver([first]);
    expect(made).toMatchObject({ customerCount: 0, transferIds: [], delegationIds: [received.id] });
    await undo(made.id);
    expect(await sightOf(f, leaver, lent)).toBe('delegate');
  });

  it('goes to nobody who may not have it, and is the administrator’s alone [P20]', async () => {
    await some(leaver, 'Refused');
    const gone = await f.person('salesperson', `gone${count}`, false);
    expect(await refusal(handOver([first, leaver]))).toBe('rule-violated/receiver-is-leaver');
    expect(await refusal(handOver([gone]))).toBe('rule-violated/owner-disabled');
    expect(await refusal(handOver([f.finance]))).toBe('rule-violated/may-not-own');
    expect(await refusal(handOver([first, first]))).toBe('invalid/validation');
    for (const who of [f.anna, f.finance, leaver]) {
      expect(await refusal(handOver([first], {}, who))).toBe('forbidden/forbidden');
      expect(await refusal(f.ask(findHoldings, { userId: leaver.userId }, as(who)))).toBe('forbidden/forbidden');
      expect(await refusal(f.ask(listHandOvers, {}, as(who)))).toBe('forbidden/forbidden');
      expect(await refusal(undo(crypto.randomUUID(), who))).toBe('forbidden/forbidden');
    }
    expect(await refusal(undo(crypto.randomUUID()))).toBe('not-found/not-found');
    expect((await holdings()).customerIds).toHaveLength(1);
    leaver = first;
    expect(await refusal(handOver([second]))).toBe('rule-violated/nothing-to-hand-over');
  });
});

describe('a hand-over is not undone', () => {
  it('when a customer has moved again or was deleted, and then nothing of it is [P20]', async () => {
    for (const disturb of [
      (customerId: string) =>
        f.ask(createTransfer, { customerIds: [customerId], toUserId: f.bert.userId, reason: 'x' }, as(first)),
      (customerId: string) => f.ask(deleteCustomer, { customerId }, as(first, { ifMatch: '*' })),
    ]) {
      leaver = await f.person('salesperson', `again${++count}`);
      const { a, b, given } = await settled();
      const made = await handOver([first, second]);
      await disturb(a.id);
      expect(await refusal(undo(made.id))).toBe('rule-violated/moved-again');
      expect(await sightOf(f, second, b)).toBe('owner');
      expect(await statesOf(given.id)).toEqual(['revoked']);
    }
  });

  it('after seven days [P20]', async () => {
    await settled();
    const { id } = await handOver([first]);
    await f.db.dataSource.query(`UPDATE hand_overs SET created_at = created_at - interval '7 days' WHERE id = $1`, [
      id,
    ]);
    expect(await refusal(undo(id))).toBe('rule-violated/undo-too-late');
  });

  it('in parts [P20]', async () => {
    await settled();
    const made = await handOver([first, second]);
    const [transferId] = made.transferIds as [string];
    expect(await refusal(f.ask(undoTransfer, { transferId }, as(f.admin)))).toBe('rule-violated/part-of-hand-over');
    const listed = (await f.ask(listTransfers, {}, as(f.admin))).items.find(({ id }) => id === transferId);
    expect(listed).toMatchObject({ handOverId: made.id, fromUserIds: [leaver.userId] });
  });

  it('without a delegation whose time is over, or whose customer went elsewhere [P20]', async () => {
    const { given, all, received, lent } = await settled();
    const made = await handOver([first]);
    await f.db.dataSource.query(`UPDATE delegations SET starts_at = $2, ends_at = $3 WHERE id = $1`, [
      all.id,
      at(-2 * DAY),
      at(-DAY),
    ]);
    await f.ask(createTransfer, { customerIds: [lent.id], toUserId: f.cleo.userId, reason: 'x' }, as(f.anna));
    await undo(made.id);
    expect(await statesOf(given.id, all.id, received.id)).toEqual(['active', 'revoked', 'revoked']);
    expect(await sightOf(f, leaver, lent)).toBeUndefined();
  });
});

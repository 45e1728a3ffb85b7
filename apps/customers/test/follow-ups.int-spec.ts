import type { Actor } from '#contracts/context';
import { createDelegation } from '#contracts/delegations';
import {
  findDueFollowUps,
  followUpRecorded,
  listDueFollowUps,
  listFollowUps,
  recordFollowUp,
} from '#contracts/follow-ups';
import { createTransfer } from '#contracts/transfers';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const DAY = 86_400_000;
/** A moment some days from now, and its date in the organisation's zone. */
const moment = (days: number) => new Date(performance.timeOrigin + performance.now() + days * DAY);
const on = (days: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(moment(days));
let count = 0;
const some = async (owner: Actor) => (await f.customer(owner, `Spoken ${++count}`, `Spoken ${count}`)).id;
const enter = (customerId: string, more: object = {}, who: Actor = f.anna) =>
  f.ask(recordFollowUp, { customerId, kind: 'call', content: '谈了价格', ...more }, as(who));
const due = async (who: Actor, query: object = {}) => (await f.ask(listDueFollowUps, query, as(who))).items;
const datesOf = async (customerId: string) =>
  (
    await f.db.dataSource.query<object[]>(
      `SELECT last_follow_up_on::text AS last, next_follow_up_on::text AS next FROM customers WHERE id = $1`,
      [customerId],
    )
  )[0];

describe('a follow-up', () => {
  it('is entered with what was said, when, and when to speak again [C33]', async () => {
    const customerId = await some(f.anna);
    const first = await enter(customerId, { occurredAt: moment(-2).toISOString(), nextOn: on(-1) });
    expect(first).toMatchObject({ kind: 'call', content: '谈了价格', nextOn: on(-1), byUserId: f.anna.userId });
    const second = await enter(customerId, { kind: 'visit', content: '看了样机' });
    expect(Math.abs(Date.parse(second.occurredAt) - moment(0).getTime())).toBeLessThan(60_000);
    const { items } = await f.ask(listFollowUps, { customerId }, as(f.finance));
    expect(items.map(({ id }) => id)).toEqual([second.id, first.id]);
    const page = await f.ask(listFollowUps, { customerId, limit: 1 }, as(f.anna));
    const next = await f.ask(listFollowUps, { customerId, limit: 1, cursor: page.nextCursor ?? '' }, as(f.anna));
    expect(next).toMatchObject({ items: [{ id: first.id }], nextCursor: null });
    const [event] = (await told(f.db, followUpRecorded.subject)).slice(-1);
    expect(event).toMatchObject({ version: 1, data: { id: second.id, customerId, nextOn: null } });
  });

  it('is entered once for an idempotency key', async () => {
    const customerId = await some(f.anna);
    const input = { customerId, kind: 'call' as const, content: '一次' };
    const once = () => f.ask(recordFollowUp, input, as(f.anna, { idempotencyKey: 'k' }));
    const [first, second] = await Promise.all([once(), once()]);
    expect(first.id).toBe(second.id);
  });

  it('is refused to whoever may not edit the customer, and with dates that make no sense [C33]', async () => {
    const customerId = await some(f.anna);
    const refusals = [
      enter(customerId, {}, f.bert),
      enter(customerId, {}, f.finance),
      enter(customerId, { occurredAt: moment(2).toISOString() }),
      enter(customerId, { nextOn: on(-3) }),
      enter(customerId, { content: '  ' }),
    ];
    expect(await Promise.all(refusals.map(refusal))).toEqual([
      'not-found/not-found',
      'forbidden/forbidden',
      'rule-violated/date-in-future',
      'rule-violated/next-before-follow-up',
      'invalid/validation',
    ]);
  });

  it('can be changed and taken away by nobody [C33, C34]', async () => {
    await enter(await some(f.anna));
    for (const statement of [`UPDATE follow_ups SET content = ''`, 'DELETE FROM follow_ups', 'TRUNCATE follow_ups']) {
      await expect(f.db.dataSource.query(statement)).rejects.toThrow('permission denied for table follow_ups');
    }
  });

  it('settles an older next date, unless it was said before that [C33]', async () => {
    const customerId = await some(f.anna);
    await enter(customerId, { occurredAt: moment(-5).toISOString(), nextOn: on(-3) });
    expect(await datesOf(customerId)).toEqual({ last: on(-5), next: on(-3) });
    await enter(customerId, { occurredAt: moment(-9).toISOString(), nextOn: on(-8) });
    expect(await datesOf(customerId)).toEqual({ last: on(-5), next: on(-3) });
    await enter(customerId, { occurredAt: moment(-1).toISOString(), nextOn: on(4) });
    expect(await datesOf(customerId)).toEqual({ last: on(-1), next: on(4) });
    await enter(customerId);
    expect(await datesOf(customerId)).toEqual({ last: on(0), next: null });
  });
});

describe('what is due', () => {
  it("is listed per salesperson in the caller's view, the longest overdue first [C33]", async () => {
    const [owner, other] = [await f.person('salesperson', 'due-owner'), await f.person('salesperson', 'due-other')];
    const [late, later, ahead] = [await some(owner), await some(owner), await some(owner)];
    const said = { occurredAt: moment(-10).toISOString() };
    await enter(later, { ...said, nextOn: on(-1), content: '回访' }, owner);
    await enter(late, { ...said, nextOn: on(-4) }, owner);
    await enter(ahead, { ...said, nextOn: on(3) }, owner);
    const ids = async (who: Actor, query: object = {}) => (await due(who, query)).map(({ customerId }) => customerId);
    expect(await ids(owner)).toEqual([late, later]);
    expect(await ids(owner, { until: on(3) })).toEqual([late, later, ahead]);
    expect((await due(owner))[1]).toMatchObject({
      ...{ customerId: later, ownerId: owner.userId, nextOn: on(-1), overdueDays: 1 },
      followUp: { content: '回访', byUserId: owner.userId },
    });
    const first = await f.ask(listDueFollowUps, { limit: 1 }, as(owner));
    const second = await f.ask(listDueFollowUps, { limit: 1, cursor: first.nextCursor ?? '' }, as(owner));
    expect([first, second].map(({ items }) => items[0]?.customerId)).toEqual([late, later]);

    expect(await ids(other)).toEqual([]);
    expect(await ids(f.admin, { ownerId: owner.userId })).toEqual([late, later]);
    await f.ask(createDelegation, { delegateId: other.userId, customerIds: [late], reason: '年假' }, as(owner));
    expect(await ids(other)).toEqual([late]);
    const moved = { customerIds: [later], toUserId: other.userId, reason: '调岗' };
    await f.ask(createTransfer, moved, as(owner));
    expect([await ids(owner), await ids(other)]).toEqual([[late], [late, later]]);
    await enter(late, {}, other);
    expect(await ids(owner)).toEqual([]);
  });

  it('is counted for a digest, in its reader’s view, without what was said; a disabled one has none [C33] [B15]', async () => {
    const [owner, delegate] = [await f.person('salesperson', 'told'), await f.person('salesperson', 'told-too')];
    const [first, second] = [await some(owner), await some(owner)];
    const said = { occurredAt: moment(-10).toISOString() };
    await enter(first, { ...said, nextOn: on(-4) }, owner);
    await enter(second, { ...said, nextOn: on(-1) }, owner);
    const ask = ({ userId }: Actor, limit = 10) =>
      f.askAs('billing', findDueFollowUps, { userId, until: on(-1), limit });
    const named = { customerId: first, ownerId: owner.userId, nextOn: on(-4), overdueDays: 3 };
    expect(await ask(owner, 1)).toEqual({ count: 2, items: [expect.objectContaining(named)] });
    expect((await ask(owner)).items.map(({ customerId }) => customerId)).toEqual([first, second]);
    expect((await ask(owner)).items[0]).not.toHaveProperty('followUp');

    expect(await ask(delegate)).toEqual({ count: 0, items: [] });
    await f.ask(createDelegation, { delegateId: delegate.userId, customerIds: [second], reason: '年假' }, as(owner));
    expect(await ask(delegate)).toMatchObject({ count: 1, items: [{ customerId: second }] });
    await f.db.dataSource.query(`UPDATE users SET active = false WHERE id = $1`, [delegate.userId]);
    expect(await ask(delegate)).toEqual({ count: 0, items: [] });
  });
});

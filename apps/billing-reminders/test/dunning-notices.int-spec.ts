import type { z } from 'zod';
import { noticeIssued, noticePrinted, type DunningNotice } from '#contracts/dunning-notices';
import type { Actor, Scope } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { EventType } from '#contracts/event';
import { Outbox } from '#messaging/outbox';
import type { StateEvent } from '#messaging/republish';
import { Idempotency } from '#platform/idempotency';
import { NoticeRepository } from '../src/dunning-notice/notice.repository.js';
import { NoticeService } from '../src/dunning-notice/notice.service.js';
import { NoticeStates } from '../src/dunning-notice/notice.states.js';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { customer, purchase, payment, settings } = events;
const finance = actor('finance');

let books: Books;
let notices: NoticeService;
beforeEach(async () => {
  books = await openBooks('2026-03-02');
  notices = serviceOn(books);
});
afterEach(() => books.close());

function serviceOn({ dataSource, organisation, scopes, clock }: Books): NoticeService {
  const idempotency = new Idempotency(dataSource);
  const parts = [dataSource, new NoticeRepository(), organisation, scopes, idempotency, new Outbox('billing')] as const;
  return new NoticeService(...parts, clock);
}
const issue = (customerIds: string[], more: { payBy?: string; scope?: Scope; as?: Actor; key?: string } = {}) => {
  const { payBy, scope = ALL, as = finance, key } = more;
  const call = { subject: 'x', caller: 'gateway' as const, requestId: 'r', actor: as, token: '', idempotencyKey: key };
  return notices.issue(call, { customerIds, payBy, scope });
};
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? `${error.kind}/${error.slug}` : String(error)),
  );
const pause = (purchaseId: string, state: string, until: string | null) =>
  books.dataSource.query(`UPDATE reminders SET state = $2, until = $3 WHERE purchase_id = $1`, [
    purchaseId,
    state,
    until,
  ]);
type Told<E extends EventType> = { aggregateId: string; by: object; data: z.output<E['data']> };
const told = async <E extends EventType>({ subject }: E): Promise<Told<E>[]> =>
  (
    await books.dataSource.query<{ payload: Told<E> }[]>(`SELECT payload FROM outbox WHERE subject = $1 ORDER BY seq`, [
      subject,
    ])
  ).map(({ payload }) => payload);
const counted = async () =>
  (await books.dataSource.query<{ last: number }[]>(`SELECT last FROM dunning_notice_numbers`))[0]?.last;

describe('a dunning notice', () => {
  it('asks for the fees and the arrears that are due, with dates, amounts, a total and a pay-by date [B10]', async () => {
    const { id, customerId } = await books.debt('2026-02-01');
    const fee = { customerId, payable: '0.00', annualFee: '120.00', remind: true };
    const [soon, later, dueToday, notYet] = [newId(), newId(), newId(), newId()];
    await books.tell(
      payment(id, '39.70', '2026-02-20'),
      purchase({ ...fee, id: soon, serviceEndsOn: '2026-04-02' }),
      purchase({ ...fee, id: later, serviceEndsOn: '2026-04-03' }),
      purchase({ customerId, id: dueToday, dueOn: '2026-03-02', payable: '5.00' }),
      purchase({ customerId, id: notYet, dueOn: '2026-03-03' }),
      purchase({ customerId, dueOn: '2026-01-31', voidedOn: '2026-02-01' }),
    );
    const { items, skipped } = await issue([customerId]);
    expect(skipped).toEqual([]);
    expect(items).toMatchObject([
      {
        ...{ number: 'D2026-000001', customerId, customerName: '深圳市中兴通信股份有限公司', currency: 'CNY' },
        ...{ language: 'zh-Hans', issuedOn: '2026-03-02', payBy: '2026-03-16', total: '185.30', prints: [] },
        issuedById: finance.userId,
      },
    ]);
    expect(items[0]!.lines).toEqual([
      { kind: 'service-fee', purchaseId: soon, productName: '年度维护', dueOn: '2026-04-02', amount: '120.00' },
      { kind: 'arrears', purchaseId: id, productName: '年度维护', dueOn: '2026-02-01', amount: '60.30' },
      { kind: 'arrears', purchaseId: dueToday, productName: '年度维护', dueOn: '2026-03-02', amount: '5.00' },
    ]);
    expect(await told(noticeIssued)).toMatchObject([
      {
        by: { userId: finance.userId },
        data: { number: 'D2026-000001', customerId, total: '185.30', purchaseIds: [soon, id, dueToday] },
      },
    ]);
  });

  it("has the organisation's letterhead, currency and working days as they were when it was issued [B10]", async () => {
    const { customerId } = await books.debt('2026-02-01');
    const asUsual = await issue([customerId]);
    const letterhead = { address: '深圳市南山区', bank: '工商银行', account: '4000' };
    const calendar = { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-03-16'], extraWorkingDays: [] };
    await books.tell(
      settings({ organisationName: '鸿福星软件', letterhead, currency: 'HKD', calendar }, 3),
      settings({ organisationName: '旧名' }, 2),
    );
    const { items } = await issue([customerId]);
    const head = { name: '鸿福星软件', ...letterhead };
    expect(items).toMatchObject([{ letterhead: head, currency: 'HKD', payBy: '2026-03-17' }]);
    const first = await notices.get({ noticeId: asUsual.items[0]!.id, scope: ALL });
    expect(first).toMatchObject({ letterhead: { name: 'Hongfuxing' }, currency: 'CNY', payBy: '2026-03-16' });
  });

  it('is in the language of the customer, or else of the organisation [B11]', async () => {
    const [english, plain] = [await books.debt('2026-02-01'), await books.debt('2026-02-01')];
    await books.tell(customer(english.customerId, newId(), { name: 'Acme', language: 'en' }, 2));
    const { items } = await issue([english.customerId, plain.customerId]);
    expect(items.map(({ language }) => language)).toEqual(['en', 'zh-Hans']);
  });

  it('is not written to who owes nothing or is left alone, and they are named', async () => {
    const [paid, promised, snoozed, disputed, lapsed, closed, half] = await Promise.all(
      Array.from({ length: 7 }, () => books.debt('2026-02-01')),
    );
    await books.tell(payment(paid!.id, '100.00', '2026-02-02'));
    const more = newId();
    await books.tell(purchase({ id: more, customerId: half!.customerId, payable: '7.00', dueOn: '2026-02-10' }));
    await books.sweepNow();
    await pause(promised!.id, 'promised', '2026-03-03');
    await pause(snoozed!.id, 'snoozed', '2026-03-09');
    await pause(disputed!.id, 'disputed', null);
    await pause(lapsed!.id, 'promised', '2026-03-02');
    await pause(closed!.id, 'closed', null);
    await pause(half!.id, 'disputed', null);
    const all = [paid, promised, snoozed, disputed, lapsed, closed, half].map((one) => one!.customerId);
    const { items, skipped } = await issue(all);
    expect(skipped).toEqual([
      { customerId: paid!.customerId, reason: 'nothing-due' },
      { customerId: promised!.customerId, reason: 'paused' },
      { customerId: snoozed!.customerId, reason: 'paused' },
      { customerId: disputed!.customerId, reason: 'paused' },
      { customerId: closed!.customerId, reason: 'nothing-due' },
    ]);
    expect(items.map(({ customerId, total }) => [customerId, total])).toEqual([
      [lapsed!.customerId, '100.00'],
      [half!.customerId, '7.00'],
    ]);
    expect((await issue([paid!.customerId])).items).toEqual([]);
    expect(await counted()).toBe(2);
  });

  it('is refused with a day that is over, and leaves no gap in the numbers', async () => {
    const { customerId } = await books.debt('2026-02-01');
    expect(await refusal(issue([customerId], { payBy: '2026-03-01' }))).toBe('rule-violated/pay-by-in-past');
    expect((await issue([customerId], { payBy: '2026-03-02' })).items).toMatchObject([
      { number: 'D2026-000001', payBy: '2026-03-02' },
    ]);
  });

  it('has a number without gaps and doubles, however many issue at once [B12]', async () => {
    const debts = await Promise.all(Array.from({ length: 6 }, () => books.debt('2026-02-01')));
    const ids = debts.map(({ customerId }) => customerId);
    const unseen = newId();
    // Every third of them fails after it has begun.
    const asked = Array.from({ length: 12 }, (_, n) => issue(n % 3 === 2 ? [...ids, unseen] : ids));
    const outcomes = await Promise.allSettled(asked);
    const made = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value.items : []));
    expect(made).toHaveLength(8 * 6);
    const serials = made.map(({ number }) => Number(number.slice(-6))).sort((a, b) => a - b);
    expect(serials).toEqual(Array.from({ length: 48 }, (_, n) => n + 1));
    expect(await counted()).toBe(48);
    // A new year begins anew.
    books.clock.set('2027-01-04');
    expect((await issue([ids[0]!])).items[0]!.number).toBe('D2027-000001');
  });

  it('is issued once for an idempotency key', async () => {
    const { customerId } = await books.debt('2026-02-01');
    const twice = await Promise.all([issue([customerId], { key: 'k' }), issue([customerId], { key: 'k' })]);
    expect(twice[1]).toEqual(twice[0]);
    expect(await counted()).toBe(1);
  });
});

describe('the register', () => {
  const print = (noticeIds: string[], scope: Scope = ALL, as: Actor = finance) =>
    notices.print(as, { noticeIds, scope });
  const list = async (filter: object = {}, scope: Scope = ALL) =>
    (await notices.list(finance, { scope, limit: 50, ...filter })).items;

  it('tells what was printed when by whom; a reprint keeps its number and what it said [B12]', async () => {
    const { id, customerId } = await books.debt('2026-02-01');
    const [notice] = (await issue([customerId])).items as [DunningNotice];
    await books.tell(
      customer(customerId, newId(), { name: '改名', language: 'en' }, 2),
      payment(id, '100.00', '2026-03-02'),
    );
    const other = actor('salesperson');
    await print([notice.id]);
    const [again] = (await print([notice.id], ALL, other)).items;
    expect(again).toMatchObject({ ...notice, prints: [{ userId: finance.userId }, { userId: other.userId }] });
    expect(await notices.get({ noticeId: notice.id, scope: ALL })).toEqual(again);
  });

  it('tells of each print, by whom and for whom, for the customer’s log [C32]', async () => {
    const { customerId } = await books.debt('2026-02-01');
    const [owner, delegate] = [newId(), actor('salesperson')];
    await books.tell(customer(customerId, owner, {}, 2));
    const [{ id: noticeId, number }] = (await issue([customerId])).items as [DunningNotice];
    await print([noticeId]);
    await print([noticeId], { all: false, owners: [], customerIds: [customerId] }, delegate);
    const events = await told(noticePrinted);
    expect(events.map(({ data, by }) => ({ data, by }))).toEqual([
      { data: { noticeId, number, customerId }, by: { userId: finance.userId } },
      { data: { noticeId, number, customerId }, by: { userId: delegate.userId, forUserId: owner } },
    ]);
    expect(new Set(events.map(({ aggregateId }) => aggregateId)).size).toBe(2);
  });

  it('is that of the customers that one sees, and knows no others', async () => {
    const [owner, stranger] = [newId(), newId()];
    const { customerId } = await books.debt('2026-02-01');
    await books.tell(customer(customerId, owner, {}, 2));
    const [mine, his] = [ofOwners(owner), ofOwners(stranger)];
    expect(await refusal(issue([customerId], { scope: his }))).toBe('not-found/not-found');
    expect(await counted()).toBeUndefined();
    const delegate = actor('salesperson');
    const lent = { all: false as const, owners: [], customerIds: [customerId] };
    const [notice] = (await issue([customerId], { scope: lent, as: delegate })).items as [DunningNotice];
    expect(notice).toMatchObject({ issuedById: delegate.userId, issuedForId: owner });
    expect((await told(noticeIssued))[0]).toMatchObject({ by: { userId: delegate.userId, forUserId: owner } });
    expect(await list({}, mine)).toMatchObject([{ id: notice.id }]);
    expect(await list({}, his)).toEqual([]);
    for (const asked of [notices.get({ noticeId: notice.id, scope: his }), print([notice.id], his)]) {
      expect(await refusal(asked)).toBe('not-found/not-found');
    }
    expect(await refusal(print([notice.id, newId()]))).toBe('not-found/not-found');
    expect((await list())[0]!.prints).toEqual([]);
  });

  it('is searched, filtered, and read page by page, the latest first', async () => {
    const [a, b] = [await books.debt('2026-02-01'), await books.debt('2026-02-01')];
    const owner = newId();
    await books.tell(customer(b.customerId, owner, { name: '華為技術' }, 2));
    const [first] = (await issue([a.customerId])).items;
    books.clock.set('2026-03-03');
    const [second] = (await issue([b.customerId])).items;
    const ids = async (filter: object) => (await list(filter)).map(({ id }) => id);
    expect(await ids({})).toEqual([second!.id, first!.id]);
    expect(await ids({ q: '华为' })).toEqual([second!.id]);
    expect(await ids({ q: 'd2026-000001' })).toEqual([first!.id]);
    expect(await ids({ ownerId: owner })).toEqual([second!.id]);
    expect(await ids({ customerId: a.customerId })).toEqual([first!.id]);
    expect(await ids({ issuedFrom: '2026-03-03' })).toEqual([second!.id]);
    expect(await ids({ issuedTo: '2026-03-02' })).toEqual([first!.id]);
    const page = await notices.list(finance, { scope: ALL, limit: 1 });
    const rest = await notices.list(finance, { scope: ALL, limit: 1, cursor: page.nextCursor! });
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual([second!.id, first!.id]);
    expect(rest.nextCursor).toBeNull();
  });

  it('is told once more', async () => {
    const { customerId } = await books.debt('2026-02-01');
    const [notice] = (await issue([customerId])).items;
    const states: StateEvent[] = [];
    for await (const state of new NoticeStates(books.dataSource, new NoticeRepository()).states()) states.push(state);
    expect(states).toMatchObject([{ version: 1, by: null, data: { id: notice!.id, number: 'D2026-000001' } }]);
  });
});

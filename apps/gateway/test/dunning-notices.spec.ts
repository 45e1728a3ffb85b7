import type { z } from 'zod';
import {
  printDunningNotices,
  getDunningNotice,
  issueDunningNotices,
  type DunningNotice,
} from '#contracts/dunning-notices';
import { notFound } from '#contracts/errors';
import { id, someone, startGateway, type TestGateway } from './fake-platform.js';

const salesperson = someone('salesperson');
const [noticeId, otherId, customerId] = [id(), id(), id()];
let gateway: TestGateway;
let bearer: string;

beforeAll(async () => {
  gateway = await startGateway();
  bearer = await gateway.bearer(salesperson);
});
afterAll(() => gateway.app.close());
beforeEach(() => {
  gateway.bus.asked.length = 0;
  gateway.bus.on(getDunningNotice, () => notice(noticeId));
  gateway.bus.on(printDunningNotices, ({ noticeIds }: z.output<typeof printDunningNotices.input>) => ({
    items: noticeIds.map(notice),
  }));
});

const notice = (of: string): DunningNotice => ({
  ...{ id: of, number: 'D2026-000042', customerId, customerName: '中兴', language: 'zh-Hans', currency: 'CNY' },
  ...{ letterhead: { name: '鸿福兴' }, issuedOn: '2026-03-02', payBy: '2026-03-16', total: '100.00', prints: [] },
  lines: [{ kind: 'arrears', purchaseId: id(), productName: '维护', dueOn: '2026-01-31', amount: '100.00' }],
  ...{ issuedById: salesperson.userId, createdAt: '2026-03-02T04:00:00.000Z' },
});
const get = (path: string, accept: string) =>
  gateway.http.get(`/api/v1/dunning-notices/${path}`).set({ authorization: bearer, accept }).buffer(true);
const asked = () => gateway.bus.passedOn.map(({ subject, input }) => [subject, input]);
const scope = { all: true, accessVersion: 0 };

it('shows a notice, and writes down only what is printed [B12]', async () => {
  expect((await get(noticeId, 'application/json').expect(200)).body).toMatchObject({ number: 'D2026-000042' });
  expect(asked()).toEqual([[getDunningNotice.subject, { noticeId, scope }]]);
  gateway.bus.asked.length = 0;
  const page = await get(noticeId, 'text/html').expect(200).expect('content-type', 'text/html; charset=utf-8');
  expect(page.text).toContain('催缴单');
  expect(asked()).toEqual([[printDunningNotices.subject, { noticeIds: [noticeId], scope }]]);
});

it('prints one or many as PDF, named by number [B11] [B13]', async () => {
  const one = await get(noticeId, 'application/pdf').expect(200).expect('content-type', 'application/pdf');
  expect(one.headers['content-disposition']).toBe('inline; filename="D2026-000042.pdf"');
  expect((one.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
  const many = await get(`combined?id=${noticeId}&id=${otherId}`, '*/*').expect(200);
  expect(many.headers['content-disposition']).toBe('inline; filename="dunning-notices.pdf"');
  expect(asked().at(-1)).toEqual([printDunningNotices.subject, { noticeIds: [noticeId, otherId], scope }]);
});

it('answers for what the caller may not see as for what is not there, whatever it is to be shown as', async () => {
  for (const rpc of [getDunningNotice, printDunningNotices, issueDunningNotices]) {
    gateway.bus.on(rpc, () => {
      throw notFound();
    });
  }
  for (const accept of ['application/json', 'text/html', 'application/pdf']) {
    await get(noticeId, accept)
      .expect(404)
      .expect('content-type', /problem\+json/);
  }
  await get(`combined?id=${noticeId}`, 'application/pdf').expect(404);
  const issuing = gateway.http.post('/api/v1/dunning-notices').set({ authorization: bearer });
  await issuing.send({ customerIds: [customerId] }).expect(404);
});

it('takes two hundred at most, and ids alone', async () => {
  const path = (count: number) => `combined?${Array.from({ length: count }, () => `id=${noticeId}`).join('&')}`;
  await get(path(201), '*/*').expect(400);
  await get('combined', '*/*').expect(400);
  await get('combined?id=x', '*/*').expect(400);
  const issue = (customerIds: string[]) =>
    gateway.http.post('/api/v1/dunning-notices').set({ authorization: bearer }).send({ customerIds });
  await issue([]).expect(400);
  await issue(Array.from({ length: 201 }, id)).expect(400);
  expect(asked()).toEqual([]);
});

it('is for who is signed in', async () => {
  await gateway.http.get(`/api/v1/dunning-notices/${noticeId}`).expect(401);
});

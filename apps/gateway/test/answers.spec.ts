import { resolveScope, resolveAccess } from '#contracts/access';
import { countOpen, listArrears } from '#contracts/billing';
import { getCustomer, createCustomer, deleteCustomer } from '#contracts/customers';
import { AppError } from '#contracts/errors';
import { findHoldings, previewHandOver } from '#contracts/hand-overs';
import { createPurchases } from '#contracts/sales';
import { createTransfer, previewTransfer } from '#contracts/transfers';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway();
  authorization = await gateway.bearer(someone('administrator'));
});
beforeEach(() => gateway.bus.asked.splice(0));
afterAll(() => gateway.app.close());

const customerId = id();
const customer = `/api/v1/customers/${customerId}`;

describe('an answer', () => {
  beforeEach(() => gateway.bus.on(resolveAccess, () => grantOf(customerId, 'admin')));

  it('goes out as the service gave it, with its version as ETag', async () => {
    gateway.bus.on(getCustomer, () => ({ id: customerId, name: '中興', version: 7, more: [1, 2] }));
    const response = await gateway.http.get(customer).set({ authorization });
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      etag: '"7"',
      'cache-control': 'no-store',
    });
    expect(response.text).toBe(`{"id":"${customerId}","name":"中興","version":7,"more":[1,2]}`);
  });

  it('of a creation is 201 and says where', async () => {
    gateway.bus.on(createCustomer, () => ({ id: customerId, version: 1 }));
    const response = await gateway.http
      .post('/api/v1/customers')
      .set({ authorization })
      .send({ name: 'a', keyword: 'b' });
    expect(response.status).toBe(201);
    expect(response.headers).toMatchObject({ location: customer, etag: '"1"' });

    gateway.bus.on(createPurchases, () => ({ items: [] }));
    const purchases = [{ productId: id(), quantity: '1' }];
    const made = await gateway.http.post(`${customer}/purchases`).set({ authorization }).send({ purchases });
    expect(made.headers['location']).toBe(`${customer}/purchases`);
  });

  it('of a deletion is empty', async () => {
    gateway.bus.on(deleteCustomer, () => ({}));
    const response = await gateway.http.delete(customer).set({ authorization, 'if-match': '*' });
    expect([response.status, response.text]).toEqual([204, '']);
    expect(gateway.bus.passedOn).toMatchObject([{ input: { customerId }, call: { ifMatch: '*' } }]);
  });
});

describe('what goes along with a question', () => {
  it('is the key, the version, the language, the trace, and a deadline', async () => {
    gateway.bus.on(resolveAccess, () => grantOf(customerId, 'admin'));
    gateway.bus.on(createTransfer, () => ({ id: id() }));
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const response = await gateway.http
      .post('/api/v1/transfers')
      .set({ authorization, traceparent, 'idempotency-key': 'order 17', 'if-match': '"3"' })
      .set({ 'accept-language': 'zh-HK', 'x-request-id': 'from-the-proxy.1' })
      .send({ customerIds: [id()], toUserId: id(), reason: 'x' });
    expect(response.headers['x-request-id']).toBe('from-the-proxy.1');
    expect(gateway.bus.passedOn[0]?.call).toMatchObject({
      token: authorization.slice(7),
      idempotencyKey: 'order 17',
      ifMatch: 3,
      language: 'zh-Hant',
      requestId: 'from-the-proxy.1',
      traceparent,
      deadline: expect.any(Number) as number,
    });
  });

  it('leaves out what is malformed, or refuses it', async () => {
    const response = await gateway.http.get('/health/live').set('x-request-id', 'a b<c>');
    expect(response.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    const refused = await gateway.http
      .post('/api/v1/transfers')
      .set({ authorization, 'idempotency-key': 'x'.repeat(201) })
      .send({ toUserId: id(), reason: 'x' });
    expect([refused.status, refused.body.type]).toEqual([400, 'urn:hongfuxing:problem:idempotency-key-malformed']);
    expect(gateway.bus.passedOn).toEqual([]);
  });
});

describe('lists and sums over projections', () => {
  it("are asked for with the caller's scope as of now", async () => {
    const scope = { all: false as const, owners: [{ id: id(), accessVersion: 4 }], customerIds: [id()] };
    gateway.bus.on(resolveScope, () => ({ scope }));
    gateway.bus.on(listArrears, () => ({ items: [], nextCursor: null, total: '0.00', count: 0 }));
    const response = await gateway.http.get('/api/v1/arrears?bucket=over90').set({ authorization });
    expect(response.status).toBe(200);
    expect(gateway.bus.passedOn).toMatchObject([{ subject: listArrears.subject, input: { bucket: 'over90', scope } }]);
  });

  it('are not shown when nobody can tell the scope', async () => {
    gateway.bus.on(resolveScope, () => {
      throw new AppError('unavailable', 'no-responders');
    });
    const response = await gateway.http.get('/api/v1/reminders').set({ authorization });
    expect(response.status).toBe(503);
    expect(gateway.bus.passedOn).toEqual([]);
  });

  it('refuse a scope from outside', async () => {
    const response = await gateway.http.get('/api/v1/arrears?scope=all').set({ authorization });
    expect(response.status).toBe(400);
  });
});

it('puts a transfer preview together from both services, however many customers there are', async () => {
  const customerIds = Array.from({ length: 10_001 }, id);
  gateway.bus.on(previewTransfer, () => ({ customerIds, customerCount: customerIds.length }));
  gateway.bus.on(countOpen, ({ customerIds: some }: { customerIds: string[] }) => ({
    openArrears: { count: some.length, amount: '0.10' },
    openReminders: 1,
  }));
  const response = await gateway.http
    .post('/api/v1/transfers/preview')
    .set({ authorization })
    .send({ fromUserId: id(), toUserId: id() });
  expect([response.status, response.body]).toEqual([
    200,
    { customerCount: 10_001, openArrears: { count: 10_001, amount: '0.20' }, openReminders: 2 },
  ]);
});

describe('a problem', () => {
  it("speaks the caller's language, and tells what the service told", async () => {
    gateway.bus.on(createCustomer, () => {
      throw new AppError('conflict', 'possible-duplicate', { matches: [], total: 0 });
    });
    const response = await gateway.http
      .post('/api/v1/customers')
      .set({ authorization, 'accept-language': 'zh-TW,zh;q=0.9' })
      .send({ name: 'a', keyword: 'b' });
    expect(response.status).toBe(409);
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': 'zh-Hant',
    });
    expect(response.body).toEqual({
      type: 'urn:hongfuxing:problem:possible-duplicate',
      title: '可能與現有客戶重複',
      status: 409,
      matches: [],
      total: 0,
    });
  });

  it('says nothing of what went wrong inside', async () => {
    gateway.bus.on(createCustomer, () => {
      throw new TypeError('SELECT secret');
    });
    const response = await gateway.http
      .post('/api/v1/customers')
      .set({ authorization })
      .send({ name: 'a', keyword: 'b' });
    expect(response.status).toBe(500);
    expect(response.body).toEqual({
      type: 'urn:hongfuxing:problem:internal',
      title: 'Something went wrong on our side',
      status: 500,
    });
  });

  it.each([
    ['application/json', '{', 400, 'malformed-json'],
    ['application/json', '{"a":{"__proto__":1}}', 400, 'malformed-json'],
    ['application/json', `"${'x'.repeat(1_048_576)}"`, 413, 'body-too-large'],
    ['text/plain', 'x', 415, 'unsupported-media-type'],
    ['multipart/form-data; boundary=x', '--x--', 415, 'unsupported-media-type'],
  ])('tells of a body of %s that it can not take', async (type, body, status, slug) => {
    const response = await gateway.http
      .post('/api/v1/customers')
      .set({ authorization, 'content-type': type })
      .send(body);
    expect([response.status, response.body.type]).toEqual([status, `urn:hongfuxing:problem:${slug}`]);
  });
});

describe('the edge', () => {
  it('sets security headers, and lets no other site in', async () => {
    const { headers } = await gateway.http.get('/api/docs').set('origin', 'https://elsewhere.example');
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'") as string,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('is alive from the start, and ready when everything is there [A13]', async () => {
    const { HealthServer } = await import('#platform/health');
    expect((await gateway.http.get('/health/live')).status).toBe(200);
    expect((await gateway.http.get('/health/ready')).status).toBe(503);
    gateway.app.get(HealthServer).setStarted(true);
    const ready = await gateway.http.get('/health/ready');
    expect([ready.status, ready.body]).toEqual([200, { ready: true }]);
  });

  it('counts requests by route, method and status [A13]', async () => {
    const { Metrics } = await import('#platform/metrics');
    await gateway.http.get(`/api/v1/customers/${id()}`);
    const text = await gateway.app.get(Metrics).registry.getSingleMetricAsString('http_request_duration_seconds');
    expect(text).toMatch(/_count\{[^}]*route="\/api\/v1\/customers\/:customerId",method="GET",status="401"/);
  });
});

it('puts together what a leaver holds, and each receiver’s share of it, from both services [P20]', async () => {
  const [one, two] = [id(), id()];
  const leaver = `/api/v1/users/${id()}`;
  const preview = (toUserIds: string[]) =>
    gateway.http.post(`${leaver}/hand-over/preview`).set({ authorization }).send({ toUserIds });
  const customerIds = [id(), id(), id()];
  gateway.bus.on(findHoldings, () => ({ customerIds, delegationsGiven: 1, delegationsReceived: 2 }));
  gateway.bus.on(countOpen, ({ customerIds: some }: { customerIds: string[] }) => ({
    openArrears: { count: some.length, amount: `${some.length}.50` },
    openReminders: some.length,
  }));
  gateway.bus.on(previewHandOver, () => ({
    receivers: [
      { userId: one, customerIds },
      { userId: two, customerIds: [] },
    ],
  }));
  const held = await gateway.http.get(`${leaver}/holdings`).set({ authorization });
  const open = { customers: 3, openArrears: { count: 3, amount: '3.50' }, openReminders: 3 };
  expect([held.status, held.body]).toEqual([200, { ...open, delegationsGiven: 1, delegationsReceived: 2 }]);
  const shares = await preview([one, two]);
  const nothing = { customers: 0, openArrears: { count: 0, amount: '0.00' }, openReminders: 0 };
  expect([shares.status, shares.body]).toEqual([
    200,
    {
      receivers: [
        { userId: one, ...open },
        { userId: two, ...nothing },
      ],
    },
  ]);
  expect((await preview([one, one])).status).toBe(400);
});

import { login, logout, refresh, type Session } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { id, someone, startGateway, type TestGateway } from './fake-platform.js';

const user = {
  id: id(),
  username: 'sales01',
  displayName: '',
  role: 'salesperson' as const,
  active: true,
  mustChangePassword: false,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  version: 1,
};
const session = (refreshToken: string): Session => ({ accessToken: 'a.b.c', expiresIn: 300, refreshToken, user });
const credentials = { username: 'sales01', password: 'secret' };
const OURS = { 'x-requested-with': 'hfx' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  gateway.bus.on(login, () => session('first'));
  gateway.bus.on(refresh, () => session('second'));
});
beforeEach(() => gateway.bus.asked.splice(0));
afterAll(() => gateway.app.close());

const cookiesOf = (headers: Record<string, unknown>) => (headers['set-cookie'] ?? []) as string[];

describe('signing in', () => {
  it('gives the refresh token as a cookie that no script reads', async () => {
    const { status, headers, body } = await gateway.http.post('/api/v1/auth/login').send(credentials);
    expect([status, body]).toEqual([200, { accessToken: 'a.b.c', expiresIn: 300, user }]);
    const [cookie = ''] = cookiesOf(headers);
    expect(cookie.split('; ').sort()).toEqual(
      ['hfx_refresh=first', 'Max-Age=2592000', 'Path=/api/v1/auth', 'HttpOnly', 'SameSite=Strict'].sort(),
    );
  });

  it('gives it in the body as well to who asks for it', async () => {
    const { body, headers } = await gateway.http
      .post('/api/v1/auth/login')
      .send({ ...credentials, tokenDelivery: 'body' });
    expect(body).toMatchObject({ refreshToken: 'first' });
    expect(cookiesOf(headers)).toHaveLength(1);
  });

  it('knows a browser again by a cookie of its own, which auth gives and no script reads', async () => {
    const [device, newer] = ['d'.repeat(43), 'n'.repeat(43)];
    gateway.bus.on(login, () => ({ ...session('first'), device: newer }));
    const signIn = (cookie: string, more = {}) =>
      gateway.http
        .post('/api/v1/auth/login')
        .set({ cookie })
        .send({ ...credentials, ...more });
    const { body, headers } = await signIn(`hfx_device=${device}`);
    expect(body).not.toHaveProperty('device');
    expect(
      cookiesOf(headers)
        .find((one) => one.startsWith('hfx_device'))
        ?.split('; ')
        .sort(),
    ).toEqual([`hfx_device=${newer}`, 'Max-Age=7776000', 'Path=/api/v1/auth', 'HttpOnly', 'SameSite=Strict'].sort());
    await signIn('hfx_device=not-one');
    await signIn(`hfx_device=${device}`, { tokenDelivery: 'body' });
    gateway.bus.on(login, () => session('first'));
    expect(gateway.bus.asked.map(({ input }) => (input as { device?: string }).device)).toEqual([
      device,
      '',
      undefined,
    ]);
  });

  it("tells auth the caller's address, which nobody else can name", async () => {
    await gateway.http.post('/api/v1/auth/login').set('x-forwarded-for', '203.0.113.9').send(credentials);
    expect(gateway.bus.asked).toMatchObject([{ input: { ...credentials, address: '127.0.0.1' } }]);
    const named = await gateway.http.post('/api/v1/auth/login').send({ ...credentials, address: '203.0.113.9' });
    expect(named.status).toBe(400);
  });

  it('believes the one proxy that it is told of, and marks the cookie secure where it is told to', async () => {
    const behind = await startGateway({ TRUST_PROXY: '1', COOKIE_SECURE: 'true' });
    behind.bus.on(login, () => session('first'));
    const { headers } = await behind.http
      .post('/api/v1/auth/login')
      .set('x-forwarded-for', '203.0.113.9, 198.51.100.7')
      .send(credentials);
    await behind.app.close();
    expect(behind.bus.asked).toMatchObject([{ input: { address: '198.51.100.7' } }]);
    expect(cookiesOf(headers)[0]).toContain('; Secure');
    expect(headers['strict-transport-security']).toContain('max-age');
  });
});

describe('refreshing', () => {
  const post = (headers: Record<string, string>, body: object = {}) =>
    gateway.http.post('/api/v1/auth/refresh').set(headers).send(body);
  const cookie = { cookie: 'hfx_refresh=first' };

  it('takes the cookie from our own pages and sends its successor back the same way [A9]', async () => {
    const { status, body, headers } = await post({ ...cookie, ...OURS, 'sec-fetch-site': 'same-origin' });
    expect([status, body]).toEqual([200, { accessToken: 'a.b.c', expiresIn: 300, user }]);
    expect(cookiesOf(headers)[0]).toContain('hfx_refresh=second');
    expect(gateway.bus.asked).toMatchObject([{ input: { refreshToken: 'first' } }]);
  });

  it('takes it where the origin is our own', async () => {
    const { port } = gateway.app.getHttpServer().address() as { port: number };
    const response = await post({ ...cookie, ...OURS, origin: `http://127.0.0.1:${port}` });
    expect(response.status).toBe(200);
  });

  it.each([
    ['without the header', {}],
    ['with another header', { 'x-requested-with': 'XMLHttpRequest' }],
    ['from another site', { ...OURS, 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { ...OURS, 'sec-fetch-site': 'same-site' }],
    ['from another origin', { ...OURS, origin: 'https://elsewhere.example' }],
    ['from no origin', { ...OURS, origin: 'null' }],
  ])('does not take it %s', async (_how, headers) => {
    const { status, body } = await post({ ...cookie, ...(headers as Record<string, string>) });
    expect([status, body.type]).toEqual([401, 'urn:hongfuxing:problem:refresh-token-missing']);
    expect(gateway.bus.asked).toEqual([]);
  });

  it('takes a token in the body from a program, and gives the next one there, too', async () => {
    const { body } = await post({ cookie: 'hfx_refresh=old' }, { refreshToken: 'from-the-body' });
    expect(body).toMatchObject({ refreshToken: 'second' });
    expect(gateway.bus.asked).toMatchObject([{ input: { refreshToken: 'from-the-body' } }]);
  });

  it('passes on that a token is used up', async () => {
    gateway.bus.on(refresh, () => {
      throw new AppError('unauthenticated', 'invalid-refresh-token');
    });
    expect((await post({}, { refreshToken: 'used' })).status).toBe(401);
  });
});

it('signs out, and takes the cookie away', async () => {
  gateway.bus.on(logout, () => ({}));
  const authorization = await gateway.bearer(someone('salesperson'));
  const { status, headers, text } = await gateway.http.post('/api/v1/auth/logout').set({ authorization });
  expect([status, text]).toEqual([204, '']);
  expect(cookiesOf(headers)[0]).toMatch(/^hfx_refresh=; .*Path=\/api\/v1\/auth; Expires=Thu, 01 Jan 1970/);
});

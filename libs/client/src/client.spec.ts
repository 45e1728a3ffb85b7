import { createClient } from './client.js';
import { idempotencyKey, ifMatch } from './headers.js';
import { ProblemError } from './problem.js';

const problem = (status: number, slug: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: `urn:hongfuxing:problem:${slug}`, title: slug, status }), {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
  });
const json = (body: object) => Response.json(body);

/** An API whose access tokens are good once each: `answer` is given what comes with one of them. */
function api(answer: (request: Request) => Response | Promise<Response> = () => json({ items: [], nextCursor: null })) {
  let generation = 0;
  const seen: { path: string; authorization: string | null; requestedWith: string | null }[] = [];
  const state = { alive: true };
  const fetch = (async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace('/api/v1', '') + search;
    const authorization = request.headers.get('authorization');
    seen.push({ path, authorization, requestedWith: request.headers.get('x-requested-with') });
    if (path === '/auth/login' || path === '/auth/refresh') {
      if (!state.alive) return problem(401, 'invalid-refresh-token');
      generation++;
      return json({ accessToken: `access-${generation}`, refreshToken: `refresh-${generation}`, expiresIn: 300 });
    }
    return authorization === `Bearer access-${generation}` ? answer(request) : problem(401, 'invalid-token');
  }) as typeof globalThis.fetch;
  return { fetch, seen, expire: () => (generation += 100), end: () => (state.alive = false) };
}

async function signedIn(server: ReturnType<typeof api>, tokenDelivery: 'cookie' | 'body' = 'body') {
  const client = createClient({ url: 'http://crm', tokenDelivery, fetch: server.fetch, language: () => 'zh-Hant' });
  await client.session.signIn({ username: 'li', password: 'secret' });
  return client;
}

it('asks with the token, in the language, and gives what the answer holds', async () => {
  let language: string | null = null;
  const server = api((request) => {
    language = request.headers.get('accept-language');
    return json({ items: [{ id: '1' }], nextCursor: null });
  });
  const client = await signedIn(server);

  const page = await client.get('/customers', { params: { query: { limit: 5, q: '中興' } } });

  expect(page.items).toEqual([{ id: '1' }]);
  expect(language).toBe('zh-Hant');
  expect(server.seen.at(-1)?.path).toBe(`/customers?limit=5&q=${encodeURIComponent('中興')}`);
});

it('renews an expired token once for all who need it, and asks again', async () => {
  const sent: string[] = [];
  const server = api(async (request) => {
    sent.push(await request.text());
    return json({});
  });
  const client = await signedIn(server);
  server.expire();

  await Promise.all([
    client.post('/customer-statuses', { body: { name: '意向客戶' } }),
    client.get('/customers'),
    client.get('/me'),
  ]);

  expect(server.seen.filter(({ path }) => path === '/auth/refresh')).toHaveLength(1);
  expect(sent).toContain('{"name":"意向客戶"}');
});

it('shows the refresh that a page of our own asks for it', async () => {
  const server = api();
  const client = await signedIn(server, 'cookie');
  server.expire();
  await client.get('/me');
  expect(server.seen.find(({ path }) => path === '/auth/refresh')?.requestedWith).toBe('hfx');
});

it('tells an ended session as the problem that it is', async () => {
  const server = api();
  const client = await signedIn(server);
  server.expire();
  server.end();

  await expect(client.get('/me')).rejects.toMatchObject({ status: 401, slug: 'invalid-token' });
  expect(await client.session.renew()).toBe(false);
});

it('throws a refusal with its slug, faults, time to wait and request id', async () => {
  const server = api(() => problem(429, 'too-many-requests', { 'retry-after': '7', 'x-request-id': 'r-1' }));
  const client = await signedIn(server);

  const refused = await client.get('/customers').catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 429, slug: 'too-many-requests', retryAfter: 7, requestId: 'r-1' });
  expect(refused).toMatchObject({ faults: [] });
});

it('makes a problem of an answer that a proxy gave in its own words', async () => {
  const server = api(() => new Response('<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' }));
  const client = await signedIn(server);
  await expect(client.get('/customers')).rejects.toMatchObject({ status: 502, message: 'Bad Gateway' });
});

it('names versions and keys in headers, and sends files as a form', async () => {
  const got: { ifMatch: string | null; key: string | null; file?: string }[] = [];
  const server = api(async (request) => {
    const isForm = request.headers.get('content-type')?.startsWith('multipart/form-data');
    const file = isForm ? ((await request.formData()).get('file') as File) : undefined;
    got.push({
      ifMatch: request.headers.get('if-match'),
      key: request.headers.get('idempotency-key'),
      ...(file && { file: `${file.name}: ${await file.text()}` }),
    });
    return json({});
  });
  const client = await signedIn(server);

  const customerId = crypto.randomUUID();
  await client.patch('/customers/{customerId}', {
    params: { path: { customerId }, header: ifMatch(3) },
    body: { name: '深圳市中興' },
  });
  const file = new File(['ref,amount'], 'payments.csv');
  await client.post('/imports/payments', { params: { header: idempotencyKey('once') }, body: { file } });

  expect(got).toEqual([
    { ifMatch: '"3"', key: null },
    { ifMatch: null, key: 'once', file: 'payments.csv: ref,amount' },
  ]);
});

it('forgets its tokens when it signs out', async () => {
  const server = api(() => new Response(null, { status: 204 }));
  const client = await signedIn(server);
  await client.session.signOut();
  await expect(client.get('/me')).rejects.toMatchObject({ status: 401 });
  expect(server.seen.at(-1)).toMatchObject({ path: '/me', authorization: null });
});

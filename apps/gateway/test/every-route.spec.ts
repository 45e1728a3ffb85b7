import { toJSONSchema } from 'zod';
import { resolveAccess } from '#contracts/access';
import { getMe } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { CONTROLLERS } from '../src/controllers.js';
import { routeTable, type TableRow } from '../src/edge/route-table.js';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';
import { addressOf } from './guarded-routes.js';

/** What the API promises of every route is asked of every route; one that is new is among them. */
const routes = routeTable(CONTROLLERS).filter(({ path }) => path.startsWith('/api/v1/'));
const named = (some: TableRow[]) => some.map((route) => [`${route.method} ${route.path}`, route] as const);

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway();
  authorization = await gateway.bearer(someone('administrator'));
});
afterAll(() => gateway.app.close());
beforeEach(() => {
  gateway.bus.asked.length = 0;
  gateway.bus.on(resolveAccess, ({ customerId }: { customerId: string }) => grantOf(customerId, 'admin'));
});

const send = (route: TableRow, more = '') =>
  gateway.http[route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'](addressOf(route) + more).set({
    authorization,
  });
const slugOf = ({ body }: { body: { type?: string } }) => body.type?.split(':').at(-1);

describe.each(named(routes.filter(({ method }) => method === 'PATCH' || method === 'DELETE')))('%s', (_name, route) => {
  it('needs a version, and says so before it does anything [A5]', async () => {
    const attempt = async (ifMatch: Record<string, string>) => {
      const request = send(route).set(ifMatch);
      const response = await (route.method === 'PATCH' ? request.send({}) : request);
      return [response.status, slugOf(response)];
    };
    expect(await attempt({})).toEqual([428, 'precondition-required']);
    expect(await attempt({ 'if-match': 'W/"1"' })).toEqual([400, 'if-match-malformed']);
    expect(gateway.bus.passedOn).toEqual([]);
    // The service, which doesn't answer here, is asked.
    expect(await attempt({ 'if-match': '"1"' })).toEqual([503, 'no-responders']);
    expect(await attempt({ 'if-match': '*' })).toEqual([503, 'no-responders']);
    expect(gateway.bus.passedOn).toMatchObject([{ call: { ifMatch: 1 } }, { call: { ifMatch: '*' } }]);
  });
});

const takes = ({ query }: TableRow, name: string) =>
  query !== undefined && name in (toJSONSchema(query, { io: 'input', unrepresentable: 'any' }).properties ?? {});

it.each(named(routes.filter((route) => takes(route, 'limit'))))(
  '%s gives two hundred at most [A3]',
  async (_name, route) => {
    const wrongLimit = async (limit: number) => {
      const { body } = await send(route, `?limit=${limit}`);
      return ((body as { errors?: { pointer: string }[] }).errors ?? []).some(({ pointer }) => pointer === '?limit');
    };
    expect([await wrongLimit(0), await wrongLimit(1), await wrongLimit(200), await wrongLimit(201)]).toEqual([
      ...[true, false, false, true],
    ]);
  },
);

it.each(named(routes.filter(({ body }) => body)))(
  '%s takes JSON alone, and no more than it holds [A7]',
  async (_name, route) => {
    const text = await send(route).set('content-type', 'text/plain').send('x');
    expect([text.status, slugOf(text)]).toEqual([415, 'unsupported-media-type']);
    const large = await send(route)
      .set('content-type', 'application/json')
      .send(`"${'x'.repeat(1_048_576)}"`);
    expect([large.status, slugOf(large)]).toEqual([413, 'body-too-large']);
    expect(gateway.bus.passedOn).toEqual([]);
  },
);

it.each(named(routes.filter(({ method, relation }) => method === 'POST' && relation)))(
  '%s, sent again, is judged again before anything is replayed [A6]',
  async (_name, route) => {
    gateway.bus.on(resolveAccess, () => {
      throw new AppError('not-found', 'not-found');
    });
    const { status } = await send(route).set('idempotency-key', id()).send({});
    expect([status, gateway.bus.passedOn]).toEqual([404, []]);
  },
);

it.each([
  ['too-many-requests', 'too-many-attempts', { retryAfter: 30 }, 429, '30'],
  ['unavailable', 'no-responders', {}, 503, '1'],
  ['timeout', 'timed-out', {}, 504, '1'],
] as const)('what is %s says when to come again [A7]', async (kind, slug, details, status, retryAfter) => {
  gateway.bus.on(getMe, () => {
    throw new AppError(kind, slug, details);
  });
  const answer = await gateway.http.get('/api/v1/me').set({ authorization });
  expect([answer.status, answer.headers['retry-after']]).toEqual([status, retryAfter]);
});

import { can, GRANTABLE, type Permission } from '#access/permissions';
import * as access from '#contracts/access';
import { apiTokenChanged, createApiToken, exchangeApiToken } from '#contracts/api-tokens';
import { sessionsRevoked, userChanged, checkSession, getMe, listUsers } from '#contracts/auth';
import { ROLES, type Actor } from '#contracts/context';
import * as customers from '#contracts/customers';
import { AppError, notFound, staleVersion } from '#contracts/errors';
import { findTurned } from '#contracts/live';
import * as reminders from '#contracts/reminders';
import { createPurchases, recordPayment } from '#contracts/sales';
import * as transfers from '#contracts/transfers';
import { CONTROLLERS } from '../src/controllers.js';
import { routeTable } from '../src/edge/route-table.js';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';

const table = routeTable(CONTROLLERS);
const guarded = table.filter(({ access }) => access !== 'public');
const addressOf = ({ path }: { path: string }) => path.replace(/:\w+/g, id);
const salesperson = someone('salesperson');

let gateway: TestGateway;
let mine: string;
beforeEach(async () => {
  gateway = await startGateway();
  mine = await gateway.bearer(salesperson);
});
afterEach(() => gateway.app.close());

const send = (method: string, path: string) =>
  gateway.http[method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'](path);

describe('who may come in', () => {
  it('lets nobody use a route without a token, whatever else he sends', async () => {
    for (const route of guarded) {
      const { status, body } = await send(route.method, addressOf(route)).set('content-type', 'text/plain').send('x');
      expect([route.path, status, body.type]).toEqual([route.path, 401, 'urn:hongfuxing:problem:invalid-token']);
    }
    expect(gateway.bus.asked.filter(({ subject }) => subject !== findTurned.subject)).toEqual([]);
  });

  it.each(['Basic abc', 'Bearer', 'Bearer abc', 'Bearer a.b.c', 'x'])('refuses "%s"', async (authorization) => {
    const response = await gateway.http.get('/api/v1/me').set({ authorization });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
  });

  it('refuses a token of another key, and one that has expired', async () => {
    const other = await startGateway();
    const foreign = await other.bearer(salesperson);
    await other.app.close();
    for (const authorization of [foreign, await gateway.bearer(salesperson, '0s')]) {
      const { status, body } = await gateway.http.get('/api/v1/me').set({ authorization });
      expect([status, body.type]).toEqual([401, 'urn:hongfuxing:problem:invalid-token']);
    }
  });

  it('gives each role the routes that the table of permissions gives it, and no others [P6]', async () => {
    for (const role of ROLES) {
      const actor = someone(role);
      const authorization = await gateway.bearer(actor);
      for (const route of guarded) {
        // What no route takes: whoever may use it is told so, and nothing is done.
        const { status, body } = await send(route.method, `${addressOf(route)}?nothing=1`).set({ authorization });
        const refused = status === 403 && body.type === 'urn:hongfuxing:problem:forbidden';
        expect([role, route.method, route.path, refused]).toEqual([
          role,
          route.method,
          route.path,
          route.access !== 'public' && !can(actor, route.access),
        ]);
      }
    }
  });

  it('lets someone who must change his password do that, and no more', async () => {
    const authorization = await gateway.bearer(someone('administrator', { mustChangePassword: true }));
    for (const route of guarded) {
      const { body } = await send(route.method, addressOf(route)).set({ authorization });
      const refused = body.type === 'urn:hongfuxing:problem:password-change-required';
      expect([route.path, refused]).toEqual([route.path, !route.beforePasswordChange]);
    }
  });
});

describe('sessions', () => {
  const me = () => gateway.http.get('/api/v1/me').set('authorization', mine);
  const checks = () => gateway.bus.asked.filter(({ subject }) => subject === checkSession.subject).length;
  beforeEach(() => gateway.bus.on(getMe, () => ({})));

  it('are asked about once a second, and at once when auth says that they ended', async () => {
    expect((await me()).status).toBe(200);
    expect((await me()).status).toBe(200);
    expect(checks()).toBe(1);

    gateway.bus.on(checkSession, () => ({ active: false }));
    gateway.tell(sessionsRevoked, { userId: id(), sessionId: null });
    expect((await me()).status).toBe(200);
    gateway.tell(sessionsRevoked, { userId: salesperson.userId, sessionId: salesperson.sessionId });
    const { status, body } = await me();
    expect([status, body.type]).toEqual([401, 'urn:hongfuxing:problem:session-ended']);
  });

  it('are asked about again when something happens to their user, and after a second anyhow', async () => {
    await me();
    const { userId, username, role } = salesperson;
    gateway.tell(userChanged, {
      id: userId,
      username,
      displayName: '',
      role,
      email: null,
      teamId: null,
      active: false,
    });
    await me();
    expect(checks()).toBe(2);
    gateway.time.now += 1_000;
    await me();
    expect(checks()).toBe(3);
  });

  it('let nobody in while auth does not answer', async () => {
    gateway.bus.on(checkSession, () => {
      throw new AppError('timeout', 'timed-out');
    });
    const response = await me();
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(gateway.bus.passedOn).toEqual([]);
  });
});

describe('an API token', () => {
  const token = `hfx_${'A'.repeat(43)}`;
  const me = (authorization = `Bearer ${token}`) => gateway.http.get('/api/v1/me').set({ authorization });
  const exchanges = () => gateway.bus.asked.filter(({ subject }) => subject === exchangeApiToken.subject).length;
  const standsFor = async (actor: Actor) => {
    const accessToken = (await gateway.bearer(actor)).slice('Bearer '.length);
    gateway.bus.on(exchangeApiToken, () => ({ accessToken }));
    return accessToken;
  };
  const refuse = (error: AppError) =>
    gateway.bus.on(exchangeApiToken, () => {
      throw error;
    });
  beforeEach(() => gateway.bus.on(getMe, () => ({})));

  it('opens the routes of its permissions, as far as its user’s role goes, and no others [P18]', async () => {
    for (const role of ROLES) {
      const permissions = ['session.use', 'customers.read', 'payments.write', 'settings.manage', 'account.manage'];
      const actor = someone(role, { permissions });
      await standsFor(actor);
      gateway.time.now += 1_000;
      for (const route of guarded) {
        const authorization = `Bearer ${token}`;
        const { body } = await send(route.method, `${addressOf(route)}?nothing=1`).set({ authorization });
        const { access } = route as { access: Permission };
        const open = permissions.includes(access) && GRANTABLE.includes(access) && can({ role }, access);
        const refused = body.type === 'urn:hongfuxing:problem:forbidden';
        expect([role, route.method, route.path, refused]).toEqual([role, route.method, route.path, !open]);
      }
    }
    expect(gateway.bus.passedOn.filter(({ subject }) => subject !== exchangeApiToken.subject)).toEqual([]);
  });

  it('goes to no service, only the access token that it stands for [P18]', async () => {
    const accessToken = await standsFor(someone('finance', { permissions: ['session.use'] }));
    expect((await me()).status).toBe(200);
    const asked = gateway.bus.passedOn.find(({ subject }) => subject === getMe.subject);
    expect(asked?.call.token).toBe(accessToken);
    const others = gateway.bus.asked.filter(({ subject }) => subject !== exchangeApiToken.subject);
    expect(JSON.stringify(others)).not.toContain(token);
  });

  it('is asked about once a second, and at once when something happened to it or its user [P18]', async () => {
    const actor = someone('finance', { permissions: ['session.use'] });
    await standsFor(actor);
    await me();
    await me();
    expect(exchanges()).toBe(1);
    gateway.time.now += 1_000;
    await me();
    expect(exchanges()).toBe(2);

    refuse(new AppError('unauthenticated', 'invalid-token'));
    expect((await me()).status).toBe(200);
    const { userId, sessionId } = actor;
    const expiresAt = '2026-12-31T00:00:00Z';
    gateway.tell(apiTokenChanged, { id: sessionId, userId, name: '', permissions: [], expiresAt, action: 'revoked' });
    const { status, body } = await me();
    expect([status, body.type]).toEqual([401, 'urn:hongfuxing:problem:invalid-token']);
    await standsFor(actor);
    await me();
    refuse(new AppError('unauthenticated', 'invalid-token'));
    const user = { id: userId, username: '', displayName: '', role: actor.role, email: null, teamId: null };
    gateway.tell(userChanged, { ...user, active: false });
    expect((await me()).status).toBe(401);
  });

  it('is refused like any other session that auth calls ended [P18]', async () => {
    await standsFor(someone('finance', { permissions: ['session.use'] }));
    gateway.bus.on(checkSession, () => ({ active: false }));
    expect((await me()).status).toBe(401);
  });

  it('lets nobody in while auth does not answer, and guesses wait [P18]', async () => {
    refuse(new AppError('timeout', 'timed-out'));
    expect((await me()).body.type).toBe('urn:hongfuxing:problem:sessions-unavailable');
    refuse(new AppError('too-many-requests', 'too-many-attempts', { retryAfter: 7 }));
    const { status, headers } = await me();
    expect([status, headers['retry-after']]).toEqual([429, '7']);
    await standsFor(someone('finance', { permissions: ['session.use'] }));
    expect((await me()).status).toBe(200);
  });

  it.each(['hfx_', 'hfx_short', `HFX_${'A'.repeat(43)}`, `hfx_${'A'.repeat(44)}`, `hfx_${'A'.repeat(42)}.`])(
    'does not look like "%s"',
    async (other) => {
      expect((await me(`Bearer ${other}`)).status).toBe(401);
      expect(exchanges()).toBe(0);
    },
  );

  it('is made by somebody, never by a program [P18]', async () => {
    gateway.bus.on(createApiToken, () => ({ id: id() }));
    await standsFor(someone('administrator', { permissions: [...GRANTABLE] }));
    const wanted = { name: '对账', permissions: ['customers.read'], expiresAt: '2026-12-31T00:00:00Z' };
    const make = (authorization: string) => gateway.http.post('/api/v1/api-tokens').set({ authorization }).send(wanted);
    expect((await make(`Bearer ${token}`)).status).toBe(403);
    expect((await make(mine)).status).toBe(201);
  });
});

describe('the order of the checks', () => {
  it('is 401, 403 for the role, 404, 403 for the relation, 400, 428, and then the service [A4]', async () => {
    const customerId = id();
    const path = `/api/v1/customers/${customerId}`;
    const steps: unknown[] = [];
    const attempt = async (headers: Record<string, string>, body: object) => {
      const response = await gateway.http.patch(path).set(headers).send(body);
      steps.push([response.status, (response.body as { type?: string }).type?.split(':').at(-1)]);
    };
    const wrong = { colour: 'red' };
    const authorization = mine;
    gateway.bus.on(customers.updateCustomer, () => {
      throw staleVersion({ id: customerId, version: 4 });
    });

    await attempt({ 'if-match': 'W/"1"' }, wrong);
    await attempt({ authorization: await gateway.bearer(someone('finance')) }, wrong);
    await attempt({ authorization }, wrong);
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'finance'));
    await attempt({ authorization }, wrong);
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'delegate'));
    await attempt({ authorization }, wrong);
    await attempt({ authorization }, {});
    await attempt({ authorization, 'if-match': '3' }, {});
    expect(gateway.bus.passedOn).toEqual([]);
    await attempt({ authorization, 'if-match': '"3"' }, {});

    expect(steps).toEqual([
      [401, 'invalid-token'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [403, 'relation-forbids'],
      [400, 'validation'],
      [428, 'precondition-required'],
      [400, 'if-match-malformed'],
      [412, 'stale-version'],
    ]);
  });

  it('asks for the grant on every route about a customer, and passes it on', async () => {
    const authorization = await gateway.bearer(someone('administrator'));
    for (const route of guarded.filter(({ relation, judgedInAnswer }) => relation && !judgedInAnswer)) {
      const before = await send(route.method, addressOf(route)).set({ authorization });
      expect([route.path, before.status]).toEqual([route.path, 404]);
    }
    expect(gateway.bus.passedOn).toEqual([]);

    const customerId = id();
    const grant = { ...grantOf(customerId, 'delegate'), delegationId: id() };
    gateway.bus.on(access.resolveAccess, () => grant);
    gateway.bus.on(createPurchases, () => ({ items: [] }));
    const purchases = [{ productId: id(), quantity: '1' }];
    const made = await gateway.http
      .post(`/api/v1/customers/${customerId}/purchases`)
      .set('authorization', mine)
      .send({ purchases });
    expect(made.status).toBe(201);
    expect(gateway.bus.passedOn).toMatchObject([
      { subject: createPurchases.subject, input: { customerId, purchases }, call: { grant, token: mine.slice(7) } },
    ]);
  });

  it('asks first whose a thing is that the route names, and then for the grant', async () => {
    const [customerId, reminderId] = [id(), id()];
    const path = `/api/v1/reminders/${reminderId}/acknowledge`;
    const acknowledge = () => gateway.http.post(path).set('authorization', mine).send({});
    gateway.bus.on(reminders.findCustomerOfReminder, () => {
      throw notFound();
    });
    const unknown = await acknowledge();
    gateway.bus.on(reminders.findCustomerOfReminder, () => ({ customerId }));
    const hidden = await acknowledge();
    expect([unknown.status, unknown.text]).toEqual([404, hidden.text]);
    expect(gateway.bus.asked).toContainEqual(
      expect.objectContaining({ subject: access.resolveAccess.subject, input: { customerId } }),
    );
    expect(gateway.bus.passedOn).toEqual([]);

    const grant = grantOf(customerId, 'delegate');
    gateway.bus.on(access.resolveAccess, () => grant);
    gateway.bus.on(reminders.acknowledgeReminder, () => ({ id: reminderId, version: 2 }));
    const done = await acknowledge();
    expect([done.status, done.headers['etag']]).toEqual([200, '"2"']);
    expect(gateway.bus.passedOn).toMatchObject([{ input: { reminderId }, call: { grant } }]);
  });

  it('leaves it to customers where nothing but their answer is asked for', async () => {
    gateway.bus.on(customers.getCustomer, () => {
      throw notFound();
    });
    const hidden = await gateway.http.get(`/api/v1/customers/${id()}`).set('authorization', mine);
    expect([hidden.status, hidden.body.type]).toEqual([404, 'urn:hongfuxing:problem:not-found']);
    expect(gateway.bus.asked.map(({ subject }) => subject)).not.toContain(access.resolveAccess.subject);
    expect(table.flatMap(({ judgedInAnswer, handler }) => (judgedInAnswer ? handler : []))).toEqual(['get']);
  });

  it('lets finance book money on a customer, and change nothing else of him [P5]', async () => {
    const customerId = id();
    const authorization = await gateway.bearer(someone('finance'));
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'finance'));
    gateway.bus.on(recordPayment, () => ({ id: id() }));
    const purchase = `/api/v1/customers/${customerId}/purchases/${id()}`;
    const paid = await gateway.http.post(`${purchase}/payments`).set({ authorization }).send({ amount: '5.00' });
    const voided = await gateway.http.post(`${purchase}/void`).set({ authorization }).send({ reason: 'x' });
    expect([paid.status, voided.status]).toEqual([201, 403]);
  });
});

describe('what does not exist', () => {
  it('is told in the same bytes, whatever it is [A8]', async () => {
    const authorization = mine;
    for (const judging of [transfers.undoTransfer, customers.getCustomer]) {
      gateway.bus.on(judging, () => {
        throw notFound();
      });
    }
    const paths = [
      '/nothing',
      '/api/v1/nothing',
      '/api/v1/customers/17',
      '/api/v1/customers/%zz',
      `/api/v1/customers/${'x'.repeat(500)}`,
      `/api/v1/customers/${id()}`,
      `/api/v1/customers/${id()}/purchases/${id()}/payments`,
      `/api/v1/imports/customers`,
    ];
    const answers = await Promise.all(paths.map((path) => gateway.http.get(path).set({ authorization })));
    answers.push(await gateway.http.post(`/api/v1/transfers/${id()}/undo`).set({ authorization }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers['content-type'])).size).toBe(1);
  });

  it('is 405 where another method is served, which it names', async () => {
    const response = await gateway.http.put(`/api/v1/customers/${id()}`);
    expect(response.status).toBe(405);
    expect(response.headers['allow']).toBe('GET, PATCH, DELETE');
  });
});

describe('unknown and repeated parameters', () => {
  it('are refused on every route [A3]', async () => {
    const customerId = id();
    gateway.bus.on(access.resolveAccess, () => grantOf(customerId, 'admin'));
    const authorization = await gateway.bearer(someone('administrator'));
    for (const route of guarded.filter(({ file }) => file === undefined)) {
      const { status, body } = await send(route.method, `${addressOf(route)}?surprise=1`).set({ authorization });
      expect([route.path, status]).toEqual([route.path, 400]);
      expect(body.errors).toContainEqual(expect.objectContaining({ pointer: '?surprise', code: 'unknown-field' }));
    }
    for (const route of guarded.filter(({ method, file }) => method !== 'GET' && file === undefined)) {
      const { status, body } = await send(route.method, addressOf(route)).set({ authorization }).send({ surprise: 1 });
      expect([route.path, status]).toEqual([route.path, 400]);
      expect(body.errors).toContainEqual(expect.objectContaining({ pointer: '/surprise', code: 'unknown-field' }));
    }
    expect(gateway.bus.passedOn).toEqual([]);
  });

  it('name each wrong parameter', async () => {
    const authorization = await gateway.bearer(someone('administrator'));
    const { status, body } = await gateway.http.get('/api/v1/users?limit=201&active=maybe').set({ authorization });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: '?limit' }, { pointer: '?active' }]);
    const repeated = await gateway.http.get('/api/v1/users?q=a&q=b').set({ authorization });
    expect(repeated.body.errors).toMatchObject([{ pointer: '?q', code: 'repeated' }]);
  });

  it('go on as they came, for the service to read by the same contract', async () => {
    const authorization = await gateway.bearer(someone('administrator'));
    gateway.bus.on(listUsers, () => ({ items: [], nextCursor: null }));
    await gateway.http.get('/api/v1/users?limit=7&active=true').set({ authorization });
    expect(gateway.bus.passedOn).toMatchObject([{ input: { limit: '7', active: 'true' } }]);
    expect(listUsers.input.parse(gateway.bus.passedOn[0]?.input)).toMatchObject({ limit: 7, active: true });
  });
});

import { can } from '#access/permissions';
import * as access from '#contracts/access';
import { sessionsRevoked, userChanged, checkSession, getMe, listUsers } from '#contracts/auth';
import { ROLES } from '#contracts/context';
import * as customers from '#contracts/customers';
import { AppError, notFound } from '#contracts/errors';
import { findTurned } from '#contracts/live';
import * as transfers from '#contracts/transfers';
import { grantOf, id, someone, startGateway, type TestGateway } from './fake-platform.js';
import { addressOf, guarded, send } from './guarded-routes.js';

const salesperson = someone('salesperson');

let gateway: TestGateway;
let mine: string;
beforeEach(async () => {
  gateway = await startGateway();
  mine = await gateway.bearer(salesperson);
});
afterEach(() => gateway.app.close());

describe('who may come in', () => {
  it('lets nobody use a route without a token, whatever else he sends', async () => {
    for (const route of guarded) {
      const { status, body } = await send(gateway, route.method, addressOf(route))
        .set('content-type', 'text/plain')
        .send('x');
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
        const { status, body } = await send(gateway, route.method, `${addressOf(route)}?nothing=1`).set({
          authorization,
        });
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
      const { body } = await send(gateway, route.method, addressOf(route)).set({ authorization });
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
      const { status, body } = await send(gateway, route.method, `${addressOf(route)}?surprise=1`).set({
        authorization,
      });
      expect([route.path, status]).toEqual([route.path, 400]);
      expect(body.errors).toContainEqual(expect.objectContaining({ pointer: '?surprise', code: 'unknown-field' }));
    }
    for (const route of guarded.filter(({ method, file }) => method !== 'GET' && file === undefined)) {
      const { status, body } = await send(gateway, route.method, addressOf(route))
        .set({ authorization })
        .send({ surprise: 1 });
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

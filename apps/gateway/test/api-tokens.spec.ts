import { can, GRANTABLE, type Permission } from '#access/permissions';
import { apiTokenChanged, createApiToken, exchangeApiToken } from '#contracts/api-tokens';
import { userChanged, checkSession, getMe } from '#contracts/auth';
import { ROLES, type Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { id, someone, startGateway, type TestGateway } from './fake-platform.js';
import { addressOf, guarded, send } from './guarded-routes.js';

const salesperson = someone('salesperson');

let gateway: TestGateway;
let mine: string;
beforeEach(async () => {
  gateway = await startGateway();
  mine = await gateway.bearer(salesperson);
});
afterEach(() => gateway.app.close());

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
        const { body } = await send(gateway, route.method, `${addressOf(route)}?nothing=1`).set({ authorization });
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

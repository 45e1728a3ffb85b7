import { decodeJwt } from 'jose';
import * as auth from '#contracts/auth';
import {
  apiTokenChanged,
  createApiToken,
  exchangeApiToken,
  listApiTokens,
  revokeApiToken,
  type ApiToken,
} from '#contracts/api-tokens';
import { updateSettings } from '#contracts/settings';
import type { OutgoingCall } from '#messaging/bus';
import { ADMIN, PASSWORD, sales, startAuth, type AuthService, type Session } from './auth-service.js';

const HOME = '192.0.2.77';
const GUESSER = '203.0.113.66';
const FREE = 100;
const DAY = 86_400;
const GUESS = `hfx_${'A'.repeat(43)}`;

let service: AuthService;
let admin: Session;
let one: Session;
beforeAll(async () => {
  service = await startAuth([sales('one'), sales('other'), { ...sales('boss'), role: 'administrator' }]);
}, 60_000);
beforeEach(async () => {
  await service.db.dataSource.query(`DELETE FROM api_tokens`);
  await service.db.dataSource.query(`DELETE FROM login_counters`);
  one = await service.signIn('one');
  admin = await service.signIn(ADMIN.username, ADMIN.password);
});
afterAll(() => service.close());

const inSeconds = (seconds: number) => new Date(service.clock.now().getTime() + seconds * 1_000).toISOString();
const make = (more: object = {}, as = one, call?: OutgoingCall) => {
  const input = {
    name: '对账',
    permissions: ['customers.read', 'session.use'],
    expiresAt: inSeconds(30 * DAY),
    ...more,
  };
  return service.ask(createApiToken, input, as, call);
};
const exchange = (token: string, address = HOME) => service.ask(exchangeApiToken, { token, address });
const list = async (as = one): Promise<ApiToken[]> => (await service.ask(listApiTokens, {}, as)).items;
const revoke = (tokenId: string, as = one) => service.ask(revokeApiToken, { tokenId }, as);
const REFUSED = { kind: 'unauthenticated', slug: 'invalid-token' };

describe('an API token', () => {
  it('is shown once, and only its digest is kept [P18]', async () => {
    const { token, ...made } = await make();
    expect(token).toMatch(/^hfx_[\w-]{43}$/);
    expect(made.hint).toBe(token.slice(-4));
    expect(await list()).toEqual([made]);
    const [kept] = await service.db.dataSource.query<object[]>(`SELECT to_jsonb(t) AS row FROM api_tokens t`);
    const outbox = await service.db.dataSource.query<object[]>(`SELECT payload FROM outbox`);
    const idempotency = await service.db.dataSource.query<object[]>(`SELECT result FROM idempotency`);
    expect(JSON.stringify([kept, outbox, idempotency])).not.toContain(token.slice(4));
    expect((await make()).token).not.toBe(token);
  });

  it('is made once for an Idempotency-Key, which gives the same one again [P18]', async () => {
    const call = { idempotencyKey: crypto.randomUUID() };
    const input = { expiresAt: inSeconds(DAY) };
    const first = await make(input, one, call);
    expect(await make(input, one, call)).toEqual(first);
    expect(await list()).toHaveLength(1);
  });

  it('is exchanged for an access token with its permissions, which ends with it [P18]', async () => {
    const { id, token } = await make({ expiresAt: inSeconds(90) });
    const { accessToken } = await exchange(token);
    const { exp, ...claims } = decodeJwt(accessToken);
    expect(claims).toMatchObject({
      sub: one.user.id,
      role: 'salesperson',
      sid: id,
      perm: ['customers.read', 'session.use'],
    });
    expect(exp).toBe(Math.floor(service.clock.now().getTime() / 1_000 + 90));
    expect(await service.ask(auth.getMe, {}, { accessToken })).toMatchObject({ id: one.user.id });
  });

  it('makes and lists no tokens, changes no password, manages no users, and signs nobody out [P18]', async () => {
    const { accessToken } = await exchange((await make({ permissions: ['users.directory'] }, admin)).token);
    const as = { accessToken } as Session;
    const change = { currentPassword: ADMIN.password, newPassword: 'another-password' };
    const tries = [
      list(as),
      make({}, as),
      revoke(crypto.randomUUID(), as),
      service.ask(auth.changePassword, change, as),
      service.ask(auth.logout, {}, as),
      service.ask(auth.logoutAll, {}, as),
      service.ask(auth.listUsers, {}, as),
      service.ask(auth.disableUser, { userId: one.user.id }, as),
    ];
    for (const outcome of await Promise.allSettled(tries))
      expect(outcome).toMatchObject({ reason: { kind: 'forbidden' } });
    expect(await service.isAlive(admin)).toBe(true);
  });

  it.each([
    ['more than its user has', { permissions: ['customers.read', 'settings.manage'] }, '/permissions/1'],
    ['what no token is given', { permissions: ['account.manage'] }, '/permissions/0'],
    ['what nobody knows', { permissions: ['everything'] }, '/permissions/0'],
    ['a time that is over', { expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    ['a time that is too far', { expiresAt: '2199-01-01T00:00:00Z' }, '/expiresAt'],
  ])('is not given %s [P18]', async (_what, more, pointer) => {
    await expect(make(more)).rejects.toMatchObject({ slug: 'validation', details: { errors: [{ pointer }] } });
    expect(await list()).toEqual([]);
  });

  it('is one of twenty at most, also when they are made at once [P18]', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 22 }, () => make()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    await expect(make()).rejects.toMatchObject({ kind: 'rule-violated', slug: 'too-many-api-tokens' });
    await make({}, admin);
    await revoke((await list())[0]!.id);
    await make();
  });

  it('makes way for a new one when it has expired and there are twenty [P18]', async () => {
    await make({ expiresAt: inSeconds(90) });
    for (let n = 1; n < 20; n++) await make({ expiresAt: inSeconds(2 * DAY) });
    service.clock.advance(90);
    expect(await list()).toHaveLength(20);
    await make();
    expect(await list()).toHaveLength(20);
    await expect(make()).rejects.toMatchObject({ slug: 'too-many-api-tokens' });
  });

  it('is its user’s alone [P18]', async () => {
    const { id } = await make();
    for (const as of [admin, await service.signIn('other')]) {
      expect(await list(as)).toEqual([]);
      await expect(revoke(id, as)).rejects.toMatchObject({ kind: 'not-found' });
    }
    expect(await list()).toHaveLength(1);
  });

  it('is told when it is made and when it is revoked, for the audit and the gateways [P18]', async () => {
    const { id, name, permissions, expiresAt } = await make();
    await revoke(id);
    const data = { id, userId: one.user.id, name, permissions, expiresAt };
    const by = { userId: one.user.id };
    expect(await service.events(id)).toEqual([
      { subject: apiTokenChanged.subject, version: 1, by, data: { ...data, action: 'created' } },
      { subject: apiTokenChanged.subject, version: 2, by, data: { ...data, action: 'revoked' } },
    ]);
  });

  it('has its last use noted, at most once a minute [P18]', async () => {
    const { id, token, lastUsedAt } = await make();
    expect(lastUsedAt).toBeUndefined();
    const used = async () => {
      await exchange(token);
      return (await list()).find((each) => each.id === id)?.lastUsedAt;
    };
    const first = await used();
    expect(first).toBe(inSeconds(0));
    service.clock.advance(59);
    expect(await used()).toBe(first);
    service.clock.advance(1);
    expect(await used()).toBe(inSeconds(0));
  });
});

describe('an API token is worth nothing', () => {
  const isAlive = async (sessionId: string) => (await service.ask(auth.checkSession, { sessionId })).active;

  it('once it has expired [P18]', async () => {
    const { id, token } = await make({ expiresAt: inSeconds(60) });
    await exchange(token);
    expect(await isAlive(id)).toBe(true);
    service.clock.advance(60);
    await expect(exchange(token)).rejects.toMatchObject(REFUSED);
    expect(await isAlive(id)).toBe(false);
  });

  it('once it is revoked [P18]', async () => {
    const { id, token } = await make();
    await exchange(token);
    await revoke(id);
    await expect(exchange(token)).rejects.toMatchObject(REFUSED);
    expect(await isAlive(id)).toBe(false);
  });

  it('while its user is disabled, and says for itself when he must change his password [P18]', async () => {
    const userId = one.user.id;
    const { id, token } = await make();
    await service.ask(auth.disableUser, { userId }, admin);
    await expect(exchange(token)).rejects.toMatchObject(REFUSED);
    expect(await isAlive(id)).toBe(false);
    await service.ask(auth.enableUser, { userId }, admin);
    expect(decodeJwt((await exchange(token)).accessToken)).not.toHaveProperty('mcp');

    const { password } = await service.ask(auth.resetPassword, { userId }, admin);
    expect(decodeJwt((await exchange(token)).accessToken)).toMatchObject({ mcp: true });
    const again = await service.signIn('one', password);
    await service.ask(auth.changePassword, { currentPassword: password, newPassword: PASSWORD }, again);
    expect(decodeJwt((await exchange(token)).accessToken)).not.toHaveProperty('mcp');
  });

  it('beyond the role that its user has now [P18]', async () => {
    const boss = await service.signIn('boss');
    const { token } = await make({ permissions: ['settings.manage'] }, boss);
    const change = async () => {
      const { accessToken } = await exchange(token);
      return service.ask(updateSettings, { patch: { paymentTermDays: 30 } }, { accessToken }, { ifMatch: '*' });
    };
    await change();
    await service.ask(auth.updateUser, { userId: boss.user.id, patch: { role: 'finance' } }, admin);
    await expect(change()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('guessing at API tokens', () => {
  const guess = (address = GUESSER) =>
    exchange(GUESS, address).then(
      () => Promise.reject(new Error('it was let in')),
      (error: { slug: string }) => error.slug,
    );

  it('is slowed by address, and whoever used a good one there before is not kept out [P18, P16]', async () => {
    const [known, unknown] = [await make(), await make()];
    await exchange(known.token, GUESSER);
    const slugs: string[] = [];
    for (let n = 0; n < FREE; n++) slugs.push(await guess());
    expect(new Set(slugs)).toEqual(new Set(['invalid-token']));
    await expect(exchange(GUESS, GUESSER)).rejects.toMatchObject({
      kind: 'too-many-requests',
      slug: 'too-many-attempts',
      details: { retryAfter: 1 },
    });
    await expect(exchange(unknown.token, GUESSER)).rejects.toMatchObject({ slug: 'too-many-attempts' });
    await exchange(known.token, GUESSER);
    await exchange(unknown.token);
    expect(await guess('198.51.100.3')).toBe('invalid-token');
    // Nor does it stand in the way of those who sign in from there.
    await service.signIn('other', PASSWORD, GUESSER);
    service.clock.advance(1);
    expect(await guess()).toBe('invalid-token');
    expect(await guess()).toBe('too-many-attempts');
  });
});

import { decodeJwt } from 'jose';
import * as auth from '#contracts/auth';
import { Republisher } from '#messaging/republish';
import { PASSWORD, sales, startAuth, type AuthService, type Session } from './auth-service.js';

let service: AuthService;
let admin: Session;
let n = 0;
const someone = async (): Promise<Session> => {
  const username = `someone${++n}`;
  await service.create([sales(username)]);
  return service.signIn(username);
};
const create = (username: string, more: object = {}, call = {}) =>
  service.ask(auth.createUser, { username, displayName: '新人', role: 'salesperson', ...more }, admin, call);
const get = (userId: string) => service.ask(auth.getUser, { userId }, admin);
const lastState = async (userId: string) =>
  (await service.events(userId)).filter(({ subject }) => subject === auth.userChanged.subject).at(-1);

beforeAll(async () => {
  service = await startAuth();
  admin = await service.signIn('admin', 'admin-password');
});
afterAll(() => service.close());

describe('a new user', () => {
  it('gets a password for the first sign-in, which opens nothing but its change', async () => {
    const { initialPassword, ...user } = await create('Fresh.One');
    expect(user).toMatchObject({ username: 'fresh.one', mustChangePassword: true, active: true, version: 1 });
    expect(await get(user.id)).toEqual(user);

    const first = await service.signIn('fresh.one', initialPassword);
    expect(decodeJwt(first.accessToken)).toMatchObject({ mcp: true });
    await service.ask(
      auth.changePassword,
      { currentPassword: initialPassword!, newPassword: 'chosen-by-oneself' },
      first,
    );
    const refreshed = await service.refresh(first.refreshToken);
    expect(decodeJwt(refreshed.accessToken)).not.toHaveProperty('mcp');
    expect(refreshed.user.mustChangePassword).toBe(false);
    await expect(service.signIn('fresh.one', initialPassword)).rejects.toMatchObject({ slug: 'bad-credentials' });
    await service.signIn('fresh.one', 'chosen-by-oneself');
  });

  it('must change a password that the administrator chose, too', async () => {
    const created = await create('given', { password: 'given-by-admin' });
    expect(created).not.toHaveProperty('initialPassword');
    expect((await service.signIn('given', 'given-by-admin')).user.mustChangePassword).toBe(true);
  });

  it('is told to the other services, without anything secret', async () => {
    const teamId = crypto.randomUUID();
    const { id } = await create('told', { email: 'told@example.com', teamId, role: 'finance' });
    const data = { id, username: 'told', displayName: '新人', role: 'finance', email: 'told@example.com', teamId };
    expect(await service.events(id)).toEqual([
      { subject: auth.userChanged.subject, version: 1, by: { userId: admin.user.id }, data: { ...data, active: true } },
    ]);
  });

  it.each(['twice', 'TWICE', ' twice', 'ｔｗｉｃｅ'])('is refused under the name %j of another', async (username) => {
    await service.create([sales('twice')]);
    await expect(create(username)).rejects.toMatchObject({ kind: 'conflict', slug: 'username-taken' });
  });

  it('is made once for each idempotency key, and the replay shows the same password', async () => {
    const call = { idempotencyKey: 'once' };
    const [one, two] = await Promise.all([create('replayed', {}, call), create('replayed', {}, call)]);
    expect(two).toEqual(one);
    expect(one.initialPassword).toEqual(expect.any(String));
    await expect(create('another', {}, call)).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
  });
});

describe('a change of a user', () => {
  it('touches what is named, clears what is null, and is told at the new version', async () => {
    const { id } = await create('edited', { email: 'a@example.com', teamId: crypto.randomUUID() });
    const patched = await service.ask(
      auth.updateUser,
      { userId: id, patch: { displayName: '改名', email: null } },
      admin,
      { ifMatch: 1 },
    );
    expect(patched).toMatchObject({ displayName: '改名', username: 'edited', version: 2 });
    expect(patched).not.toHaveProperty('email');
    expect(patched.teamId).toBeDefined();
    expect(await get(id)).toEqual(patched);
    expect(await lastState(id)).toMatchObject({ version: 2, data: { displayName: '改名', email: null } });
  });

  it('is refused when it is based on an older version, and shows the present one', async () => {
    const { user } = await someone();
    const edit = (displayName: string, ifMatch: number | '*') =>
      service.ask(auth.updateUser, { userId: user.id, patch: { displayName } }, admin, { ifMatch });
    await edit('one', 1);
    const refused = await edit('two', 1).catch((error: unknown) => error);
    expect(refused).toMatchObject({ slug: 'stale-version', details: { current: { displayName: 'one', version: 2 } } });
    expect(await edit('three', '*')).toMatchObject({ displayName: 'three', version: 3 });
  });

  it('of the role ends the sessions that carry the old one', async () => {
    const session = await someone();
    const other = await someone();
    const patch = (role: 'finance') =>
      service.ask(auth.updateUser, { userId: session.user.id, patch: { role } }, admin);
    await patch('finance');
    expect([await service.isAlive(session), await service.isAlive(other)]).toEqual([false, true]);
    const again = await service.signIn(session.user.username);
    await patch('finance');
    expect(await service.isAlive(again)).toBe(true);
  });
});

describe('disabling', () => {
  it('ends every session at once, and every way back in', async () => {
    const here = await someone();
    const there = await service.signIn(here.user.username);
    const { id: userId } = here.user;
    expect(await service.ask(auth.disableUser, { userId }, admin)).toMatchObject({ active: false, version: 2 });
    expect([await service.isAlive(here), await service.isAlive(there)]).toEqual([false, false]);
    await expect(service.refresh(there.refreshToken)).rejects.toMatchObject({ slug: 'session-ended' });
    await expect(service.signIn(here.user.username)).rejects.toMatchObject({ slug: 'bad-credentials' });
    expect(await service.ask(auth.checkActor.askedBy('gateway'), { userId })).toMatchObject({ active: false });
    expect((await service.events(userId)).slice(1)).toMatchObject([
      { subject: auth.userChanged.subject, version: 2, data: { active: false } },
      { subject: auth.sessionsRevoked.subject, version: 1, data: { userId, sessionId: null } },
    ]);

    await service.ask(auth.enableUser, { userId }, admin);
    expect([await service.isAlive(here), await service.isAlive(there)]).toEqual([false, false]);
    await service.signIn(here.user.username);
    expect(await lastState(userId)).toMatchObject({ version: 3, data: { active: true } });
  });

  it('a second time changes nothing', async () => {
    const { user } = await someone();
    await service.ask(auth.disableUser, { userId: user.id }, admin);
    const events = await service.events(user.id);
    expect(await service.ask(auth.disableUser, { userId: user.id }, admin)).toMatchObject({ version: 2 });
    expect(await service.events(user.id)).toEqual(events);
  });

  it('races a sign-in, and no session outlives it', async () => {
    const { user } = await someone();
    const attempts = Array.from({ length: 5 }, (_, i) => service.signIn(user.username, PASSWORD, `198.51.100.${i}`));
    await service.ask(auth.disableUser, { userId: user.id }, admin);
    await Promise.allSettled(attempts);
    await service.ask(auth.enableUser, { userId: user.id }, admin);
    const alive = await service.db.dataSource.query<unknown[]>(
      `SELECT 1 FROM sessions WHERE user_id = $1 AND ended_at IS NULL`,
      [user.id],
    );
    expect(alive).toEqual([]);
  });
});

describe('the last active administrator', () => {
  const lastAdministrator = { kind: 'rule-violated', slug: 'last-administrator' };

  it('is neither disabled nor demoted, and nobody disables himself', async () => {
    const { id: userId } = admin.user;
    const disable = (id: string) => service.ask(auth.disableUser, { userId: id }, admin);
    const demote = () => service.ask(auth.updateUser, { userId, patch: { role: 'finance' } }, admin);
    await expect(disable(userId)).rejects.toMatchObject(lastAdministrator);
    await expect(demote()).rejects.toMatchObject(lastAdministrator);
    expect(await get(userId)).toMatchObject({ role: 'administrator', active: true, version: 1 });

    const { id: second } = await create('second-admin', { role: 'administrator' });
    await expect(disable(userId)).rejects.toMatchObject({ slug: 'cannot-disable-oneself' });
    await disable(second);
    await expect(demote()).rejects.toMatchObject(lastAdministrator);
  });

  it('is left over when two of them disable each other at the same moment', async () => {
    const own = await startAuth();
    try {
      const accounts = ['left', 'right'].map((username) => ({ ...sales(username), role: 'administrator' as const }));
      await own.create(accounts);
      const [left, right] = [await own.signIn('left'), await own.signIn('right')];
      await own.ask(auth.disableUser, { userId: (await own.signIn('admin', 'admin-password')).user.id }, left);
      const outcomes = await Promise.allSettled([
        own.ask(auth.disableUser, { userId: right.user.id }, left),
        own.ask(auth.disableUser, { userId: left.user.id }, right),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: lastAdministrator });
    } finally {
      await own.close();
    }
  });
});

describe('a password', () => {
  it('that was reset ends all sessions, works, and must be changed', async () => {
    const session = await someone();
    const { id: userId, username } = session.user;
    const { password } = await service.ask(auth.resetPassword, { userId }, admin);
    expect(await service.isAlive(session)).toBe(false);
    await expect(service.signIn(username)).rejects.toMatchObject({ slug: 'bad-credentials' });
    const again = await service.signIn(username, password);
    expect(again.user).toMatchObject({ mustChangePassword: true, version: 2 });
    expect(decodeJwt(again.accessToken)).toMatchObject({ mcp: true });
  });

  it('that one changes ends every other session, and tells each', async () => {
    const here = await someone();
    const there = await service.signIn(here.user.username);
    const change = { currentPassword: PASSWORD, newPassword: 'another-password' };
    await service.ask(auth.changePassword, change, here);
    expect([await service.isAlive(here), await service.isAlive(there)]).toEqual([true, false]);
    await service.refresh(here.refreshToken);
    const { sid } = decodeJwt<{ sid: string }>(there.accessToken);
    expect(await service.events(sid)).toMatchObject([{ data: { userId: here.user.id, sessionId: sid } }]);
    await service.signIn(here.user.username, 'another-password');
  });

  it.each([
    [
      'a wrong one of now',
      'not-the-password',
      'another-password',
      { pointer: '/currentPassword', code: 'wrong-password' },
    ],
    ['the one of now again', PASSWORD, PASSWORD, { pointer: '/newPassword', code: 'same-password' }],
    ['one that is too short', PASSWORD, 'short', { pointer: '/newPassword', code: 'too-small' }],
  ])('is not changed with %s', async (_what, currentPassword, newPassword, fault) => {
    const session = await someone();
    const refused = service.ask(auth.changePassword, { currentPassword, newPassword }, session);
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', details: { errors: [fault] } });
    await service.signIn(session.user.username);
  });

  it('can’t be guessed for ever from a session that was stolen', async () => {
    const session = await someone();
    const guess = (newPassword: string) =>
      service
        .ask(auth.changePassword, { currentPassword: 'a guess', newPassword }, session)
        .catch((error: { slug: string }) => error.slug);
    const answers: unknown[] = [];
    for (let i = 0; i < 12; i++) answers.push(await guess(`new-password-${i}`));
    expect(answers.slice(0, 10)).toEqual(Array(10).fill('validation'));
    expect(answers.slice(10)).toEqual(Array(2).fill('too-many-attempts'));
    await service.signIn(session.user.username);
  });
});

describe('managing users', () => {
  it.each(['salesperson', 'finance'] as const)('is refused to %s by the service itself', async (role) => {
    const username = `not-${role}`;
    await service.create([{ ...sales(username), role } as never]);
    const session = await service.signIn(username);
    const { id: userId } = admin.user;
    const requests = [
      service.ask(auth.listUsers, {}, session),
      service.ask(auth.getUser, { userId }, session),
      service.ask(auth.createUser, { username: 'mine', displayName: 'x', role: 'administrator' }, session),
      service.ask(auth.updateUser, { userId: session.user.id, patch: { role: 'administrator' } }, session),
      service.ask(auth.disableUser, { userId }, session),
      service.ask(auth.enableUser, { userId }, session),
      service.ask(auth.resetPassword, { userId }, session),
    ];
    for (const outcome of await Promise.allSettled(requests)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'forbidden' } });
    }
    expect(await service.ask(auth.getMe, {}, session)).toMatchObject({ role });
  });

  it('is refused to an administrator whose password must be changed first', async () => {
    const { initialPassword } = await create('new-admin', { role: 'administrator' });
    const session = await service.signIn('new-admin', initialPassword);
    await expect(service.ask(auth.listUsers, {}, session)).rejects.toMatchObject({ slug: 'password-change-required' });
  });

  it('of an unknown user is not found', async () => {
    const userId = crypto.randomUUID();
    const requests = [
      service.ask(auth.getUser, { userId }, admin),
      service.ask(auth.updateUser, { userId, patch: {} }, admin),
      service.ask(auth.disableUser, { userId }, admin),
      service.ask(auth.resetPassword, { userId }, admin),
      service.ask(auth.checkActor.askedBy('gateway'), { userId }),
    ];
    for (const outcome of await Promise.allSettled(requests)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'not-found' } });
    }
  });
});

describe('lists', () => {
  let own: AuthService;
  let boss: Session;
  let clerk: Session;
  beforeAll(async () => {
    own = await startAuth();
    await own.create(['anna', 'bert', 'c_d', 'cxd', 'dora'].map(sales));
    boss = await own.signIn('admin', 'admin-password');
    clerk = await own.signIn('anna');
    const { items } = await own.ask(auth.listUsers, { q: 'dora' }, boss);
    await own.ask(auth.disableUser, { userId: items[0]!.id }, boss);
  });
  afterAll(() => own.close());
  const names = ({ items }: { items: { username: string }[] }) => items.map(({ username }) => username);

  it('show all users a page at a time, in the order of their names', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await own.ask(auth.listUsers, { limit: 4, cursor }, boss);
      seen.push(...names(page));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['admin', 'anna', 'bert', 'c_d', 'cxd', 'dora']);
  });

  it('are filtered by a part of a name, taken as it is, and by whether they are active', async () => {
    const list = async (query: object) => names(await own.ask(auth.listUsers, query, boss));
    expect(await list({ q: 'C_D' })).toEqual(['c_d']);
    expect(await list({ q: '%' })).toEqual([]);
    expect(await list({ q: '管理' })).toEqual(['admin']);
    expect(await list({ active: 'false' })).toEqual(['dora']);
    expect(await list({ q: '销售', active: 'true' })).toEqual(['anna', 'bert', 'c_d', 'cxd']);
  });

  it('of colleagues show anyone the names of the active, and nothing else', async () => {
    const directory = await own.ask(auth.listDirectory, {}, clerk);
    expect(names(directory)).toEqual(['admin', 'anna', 'bert', 'c_d', 'cxd']);
    const raw = directory.items.map((item) => Object.keys(item).toSorted());
    expect(new Set(raw.map(String))).toEqual(new Set(['displayName,id,username']));
  });

  it('don’t go on with a cursor of another caller', async () => {
    const { nextCursor } = await own.ask(auth.listDirectory, { limit: 1 }, clerk);
    const stolen = own.ask(auth.listDirectory, { limit: 1, cursor: nextCursor! }, boss);
    await expect(stolen).rejects.toMatchObject({ details: { errors: [{ code: 'invalid-cursor' }] } });
  });

  it('can be told again as they stand', async () => {
    const told = await own.service.app.get(Republisher).run();
    expect(told).toBe(6);
    const { items } = await own.ask(auth.listUsers, { q: 'dora' }, boss);
    const states = await own.events(items[0]!.id);
    expect(states.at(-1)).toMatchObject({ version: 2, by: null, data: { username: 'dora', active: false } });
  });
});

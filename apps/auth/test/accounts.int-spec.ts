import { decodeJwt } from 'jose';
import * as auth from '#contracts/auth';
import { createTeam } from '#contracts/teams';
import { meetingAt, PASSWORD, sales, startAuth, type AuthService, type Session } from './auth-service.js';

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

describe('a change of a user', () => {
  it('touches what is named, clears what is null, and is told at the new version', async () => {
    const { id: teamId } = await service.ask(createTeam, { name: '华南组' }, admin);
    const { id } = await create('edited', { email: 'a@example.com', teamId });
    const patched = await service.ask(
      auth.updateUser,
      { userId: id, patch: { displayName: '改名', email: null } },
      admin,
      { ifMatch: 1 },
    );
    expect(patched).toMatchObject({ displayName: '改名', username: 'edited', version: 2 });
    expect(patched).not.toHaveProperty('email');
    expect(patched.teamId).toBe(teamId);
    expect(await get(id)).toEqual(patched);
    expect(await lastState(id)).toMatchObject({ version: 2, data: { displayName: '改名', email: null } });
  });

  it('is refused when it is based on an older version, and shows the present one [A5]', async () => {
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

describe('what one settles for oneself', () => {
  it('is the language of one’s mails, told to others, and may be unsettled again [B15]', async () => {
    const me = await someone();
    const { user } = me;
    const settle = (language: 'en' | null, ifMatch: number) =>
      service.ask(auth.updateMe, { patch: { language } }, me, { ifMatch });
    expect(await settle('en', 1)).toMatchObject({ id: user.id, language: 'en', version: 2 });
    expect(await lastState(user.id)).toMatchObject({ version: 2, by: { userId: user.id }, data: { language: 'en' } });
    await expect(settle(null, 1)).rejects.toMatchObject({
      slug: 'stale-version',
      details: { current: { version: 2 } },
    });
    expect(await settle(null, 2)).not.toHaveProperty('language');
    expect(await service.isAlive(me)).toBe(true);
  });

  it('is not one’s role, nor another’s to settle', () => {
    for (const patch of [{ role: 'administrator' }, { userId: crypto.randomUUID() }, { email: 'a@example.com' }]) {
      expect(auth.MePatch.safeParse(patch).success).toBe(false);
    }
  });
});

describe('disabling', () => {
  it('ends every session at once, and every way back in [P13]', async () => {
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
      const outcomes = await meetingAt(
        own.db,
        [`SELECT FROM users WHERE username IN ('left', 'right') FOR UPDATE`],
        [
          () => own.ask(auth.disableUser, { userId: right.user.id }, left),
          () => own.ask(auth.disableUser, { userId: left.user.id }, right),
        ],
      );
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: lastAdministrator });
    } finally {
      await own.close();
    }
  });
});

describe('a password', () => {
  it('that was reset ends all sessions, works, and must be changed [P14]', async () => {
    const session = await someone();
    const { id: userId, username } = session.user;
    const { password } = await service.ask(auth.resetPassword, { userId }, admin);
    expect(await service.isAlive(session)).toBe(false);
    await expect(service.signIn(username)).rejects.toMatchObject({ slug: 'bad-credentials' });
    const again = await service.signIn(username, password);
    expect(again.user).toMatchObject({ mustChangePassword: true, version: 2 });
    expect(decodeJwt(again.accessToken)).toMatchObject({ mcp: true });
  });

  it('that one changes ends every other session, and tells each [P12]', async () => {
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

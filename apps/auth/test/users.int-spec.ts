import { decodeJwt } from 'jose';
import * as auth from '#contracts/auth';
import { createTeam } from '#contracts/teams';
import { Republisher } from '#messaging/republish';
import { sales, startAuth, type AuthService, type Session } from './auth-service.js';

let service: AuthService;
let admin: Session;
const create = (username: string, more: object = {}, call = {}) =>
  service.ask(auth.createUser, { username, displayName: '新人', role: 'salesperson', ...more }, admin, call);
const get = (userId: string) => service.ask(auth.getUser, { userId }, admin);

beforeAll(async () => {
  service = await startAuth();
  admin = await service.signIn('admin', 'admin-password');
});
afterAll(() => service.close());

describe('a new user', () => {
  it('gets a password for the first sign-in, which opens nothing but its change [P9]', async () => {
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
    const { id: teamId } = await service.ask(createTeam, { name: '华南组' }, admin);
    const { id } = await create('told', { email: 'told@example.com', teamId, role: 'finance' });
    const data = { id, username: 'told', displayName: '新人', role: 'finance', email: 'told@example.com', teamId };
    expect(await service.events(id)).toEqual([
      {
        subject: auth.userChanged.subject,
        version: 1,
        by: { userId: admin.user.id },
        data: { ...data, language: null, active: true },
      },
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

describe('managing users', () => {
  it.each(['salesperson', 'finance'] as const)('is refused to %s by the service itself', async (role) => {
    const username = `not-${role}`;
    await service.create([{ ...sales(username), role }]);
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

  it('are filtered by a part of a name, taken as it is, by role, and by whether they are active', async () => {
    const list = async (query: object) => names(await own.ask(auth.listUsers, query, boss));
    expect(await list({ q: 'C_D' })).toEqual(['c_d']);
    expect(await list({ q: '%' })).toEqual([]);
    expect(await list({ q: '管理' })).toEqual(['admin']);
    expect(await list({ active: 'false' })).toEqual(['dora']);
    expect(await list({ q: '销售', active: 'true' })).toEqual(['anna', 'bert', 'c_d', 'cxd']);
    expect(await list({ role: 'administrator' })).toEqual(['admin']);
    expect(await list({ role: 'finance' })).toEqual([]);
  });

  it('are filtered by team [P7]', async () => {
    const { id: teamId } = await own.ask(createTeam, { name: '华南组' }, boss);
    const { items } = await own.ask(auth.listUsers, { q: 'bert' }, boss);
    await own.ask(auth.updateUser, { userId: items[0]!.id, patch: { teamId } }, boss, { ifMatch: '*' });
    expect(names(await own.ask(auth.listUsers, { teamId }, boss))).toEqual(['bert']);
    expect(names(await own.ask(auth.listUsers, { teamId: crypto.randomUUID() }, boss))).toEqual([]);
  });

  it('of colleagues show anyone the names of the active, and nothing else [P15]', async () => {
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
    // The six users, and their team.
    const told = await own.service.app.get(Republisher).run();
    expect(told).toBe(7);
    const { items } = await own.ask(auth.listUsers, { q: 'dora' }, boss);
    const states = await own.events(items[0]!.id);
    expect(states.at(-1)).toMatchObject({ version: 2, by: null, data: { username: 'dora', active: false } });
  });
});

import * as auth from '#contracts/auth';
import {
  createTeam,
  deleteTeam,
  findManaged,
  findMembers,
  listTeams,
  teamChanged,
  teamRemoved,
  updateTeam,
} from '#contracts/teams';
import { Bus } from '#messaging/bus';
import { closeBus, connectBus } from '#messaging/connection';
import { Republisher } from '#messaging/republish';
import { meetingAt, sales, startAuth, type AuthService, type Session } from './auth-service.js';

let service: AuthService;
let admin: Session;
let clerk: Session;
const team = (name: string, parentId?: string, call = {}) => service.ask(createTeam, { name, parentId }, admin, call);
const arrange = (teamId: string, patch: object, ifMatch: number | '*' = '*') =>
  service.ask(updateTeam, { teamId, patch }, admin, { ifMatch });
const drop = (teamId: string) => service.ask(deleteTeam, { teamId }, admin, { ifMatch: '*' });
const member = (username: string, teamId?: string) =>
  service.ask(auth.createUser, { username, displayName: '成员', role: 'salesperson', teamId }, admin);
const move = (userId: string, teamId: string | null) =>
  service.ask(auth.updateUser, { userId, patch: { teamId } }, admin, { ifMatch: '*' });
const refusal = (request: Promise<unknown>) =>
  request.then(
    () => 'no error',
    ({ kind, slug }: { kind: string; slug: string }) => `${kind}/${slug}`,
  );

beforeAll(async () => {
  service = await startAuth([sales('clerk')]);
  admin = await service.signIn('admin', 'admin-password');
  clerk = await service.signIn('clerk');
});
afterAll(() => service.close());

describe('teams', () => {
  it('are a tree that anyone reads, with the number of members of each [P7]', async () => {
    const top = await team('销售部');
    const below = await team('华南组', top.id);
    const { id } = await member('member', below.id);
    const { items } = await service.ask(listTeams, {}, clerk);
    expect(items).toContainEqual({ id: top.id, name: '销售部', position: top.position, memberCount: 0, version: 1 });
    expect(items).toContainEqual({ ...below, parentId: top.id, memberCount: 1 });
    await move(id, top.id);
    const moved = (await service.ask(listTeams, {}, clerk)).items;
    expect(moved.map((one) => [one.id, one.memberCount])).toEqual(
      expect.arrayContaining([
        [top.id, 1],
        [below.id, 0],
      ]),
    );
  });

  it('have names of their own side by side, whatever their script [P7]', async () => {
    const top = await team('電商');
    expect(await refusal(team('电商'))).toBe('conflict/name-taken');
    await team('电商', top.id);
    expect(await refusal(team('x', crypto.randomUUID()))).toBe('invalid/validation');
  });

  it('never come below themselves, also when two are moved at once [P7]', async () => {
    const [a, b] = [await team('a'), await team('b')];
    const c = await team('c', b.id);
    expect(await refusal(arrange(b.id, { parentId: c.id }))).toBe('rule-violated/team-cycle');
    expect(await refusal(arrange(b.id, { parentId: b.id }))).toBe('rule-violated/team-cycle');
    const outcomes = await Promise.all([
      refusal(arrange(a.id, { parentId: c.id })),
      refusal(arrange(b.id, { parentId: a.id })),
    ]);
    expect(outcomes.toSorted()).toEqual(['no error', 'rule-violated/team-cycle']);
    const moved = outcomes[0] === 'no error' ? a : b;
    expect(await arrange(moved.id, { parentId: null })).not.toHaveProperty('parentId');
  });

  it('make room for one that moves', async () => {
    const top = await team('order');
    const [first, second, third] = [await team('1', top.id), await team('2', top.id), await team('3', top.id)];
    await arrange(third.id, { position: 0 });
    const { items } = await service.ask(listTeams, {}, admin);
    const order = items.filter(({ parentId }) => parentId === top.id).map(({ id }) => id);
    expect(order).toEqual([third.id, first.id, second.id]);
  });

  it('are made once for each idempotency key, and not changed over a change that was not seen', async () => {
    const call = { idempotencyKey: 'once' };
    const [one, two] = await Promise.all([team('once', undefined, call), team('once', undefined, call)]);
    expect(two).toEqual(one);
    await arrange(one.id, { name: 'twice' }, 1);
    expect(await refusal(arrange(one.id, { name: 'thrice' }, 1))).toBe('precondition-failed/stale-version');
  });

  it('are deleted when nobody and nothing is in them [P7]', async () => {
    const top = await team('to be deleted');
    const below = await team('x', top.id);
    expect(await refusal(drop(top.id))).toBe('conflict/team-in-use');
    const { id } = await member('leaver', below.id);
    await service.ask(auth.disableUser, { userId: id }, admin);
    expect(await refusal(drop(below.id))).toBe('conflict/team-in-use');
    await move(id, null);
    await drop(below.id);
    expect(await drop(top.id)).toEqual({});
    expect(await refusal(drop(top.id))).toBe('not-found/not-found');
  });

  it('are refused to everybody else by the service itself [P7]', async () => {
    const { id } = await team('kept');
    const acts = [
      service.ask(createTeam, { name: 'mine' }, clerk),
      service.ask(updateTeam, { teamId: id, patch: { name: 'mine' } }, clerk, { ifMatch: '*' }),
      service.ask(deleteTeam, { teamId: id }, clerk, { ifMatch: '*' }),
    ];
    for (const act of acts) expect(await refusal(act)).toBe('forbidden/forbidden');
  });

  it('are told with each change, and once more when asked for [P7]', async () => {
    const parent = await team('told above');
    const { id } = await team('told');
    await arrange(id, { parentId: parent.id });
    const by = { userId: admin.user.id };
    const state = { id, name: 'told', parentId: parent.id };
    const moved = { subject: teamChanged.subject, version: 2, by, data: state };
    expect(await service.events(id)).toEqual([{ ...moved, version: 1, data: { ...state, parentId: null } }, moved]);
    await service.service.app.get(Republisher).run();
    expect((await service.events(id)).at(-1)).toEqual({ ...moved, by: null });
    await drop(id);
    expect((await service.events(id)).at(-1)).toEqual({ ...moved, subject: teamRemoved.subject, version: 3 });
  });
});

describe('a member', () => {
  it('is seeded into a team by its name, which is made once [P7]', async () => {
    await service.create(['seeded1', 'seeded2'].map((username) => ({ ...sales(username), team: '演示' })));
    const { items } = await service.ask(listTeams, {}, admin);
    expect(items.filter(({ name }) => name === '演示')).toMatchObject([{ memberCount: 2, version: 1 }]);
  });

  it('is nobody of a team that there is not [P7]', async () => {
    const nowhere = crypto.randomUUID();
    expect(await refusal(member('nowhere', nowhere))).toBe('invalid/validation');
    const { id } = await member('somewhere');
    expect(await refusal(move(id, nowhere))).toBe('invalid/validation');
  });

  it('does not slip into a team that is being deleted [P7]', async () => {
    const { id: teamId } = await team('going');
    const { id } = await member('joining');
    const held: [string, string] = [`SELECT FROM teams WHERE id = $1 FOR UPDATE`, teamId];
    await meetingAt<unknown>(service.db, held, [() => drop(teamId), () => move(id, teamId)]);
    const { items } = await service.ask(listTeams, {}, admin);
    const { teamId: joined } = await service.ask(auth.getUser, { userId: id }, admin);
    expect(items.some((one) => one.id === teamId)).toBe(joined === teamId);
  });
});

describe('whom a manager manages', () => {
  it('are the members of his team and of those below it, as of now [P8]', async () => {
    const { nats } = service.service;
    const nc = await connectBus({ servers: nats.url, ...nats.credentials('customers'), service: 'customers' });
    const bus = new Bus(nc);
    try {
      const top = await team('managed');
      const below = await team('below', top.id);
      const lowest = await team('lowest', below.id);
      const beside = await team('beside');
      const [boss, high, low] = [await member('boss'), await member('high', top.id), await member('low', lowest.id)];
      await member('away', beside.id);
      const edit = (userId: string, patch: object) =>
        service.ask(auth.updateUser, { userId, patch }, admin, { ifMatch: '*' });
      const managed = async () => (await bus.request(findManaged, { userId: boss.id })).userIds;
      const ids = (...people: { id: string }[]) => people.map(({ id }) => id).sort();

      await edit(boss.id, { teamId: top.id });
      expect(await managed()).toEqual([]);
      await edit(boss.id, { role: 'manager' });
      expect(await managed()).toEqual(ids(boss, high, low));
      await edit(boss.id, { teamId: below.id });
      expect(await managed()).toEqual(ids(boss, low));
      await arrange(lowest.id, { parentId: beside.id });
      expect(await managed()).toEqual(ids(boss));
      await edit(high.id, { teamId: below.id });
      await service.ask(auth.disableUser, { userId: high.id }, admin);
      expect(await managed()).toEqual(ids(boss, high));
      await edit(boss.id, { teamId: null });
      expect(await managed()).toEqual([]);
      expect((await bus.request(findMembers, { teamId: beside.id })).userIds).toContain(low.id);
    } finally {
      await closeBus(nc);
    }
  });
});

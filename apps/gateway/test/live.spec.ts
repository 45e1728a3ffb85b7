import { resolveScope } from '#contracts/access';
import { checkSession, sessionsRevoked, userChanged } from '#contracts/auth';
import { contactChanged } from '#contracts/contacts';
import type { Actor, Scope } from '#contracts/context';
import { customerChanged } from '#contracts/customers';
import { delegationChanged } from '#contracts/delegations';
import { followUpRecorded } from '#contracts/follow-ups';
import { checkSessions, findOwners, findTurned } from '#contracts/live';
import { paymentRecorded } from '#contracts/sales';
import { statusChanged } from '#contracts/statuses';
import { teamChanged } from '#contracts/teams';
import { customersTransferred } from '#contracts/transfers';
import type { OutgoingCall } from '#messaging/bus';
import { eventually } from '#testing/eventually';
import { id, someone, startGateway, type TestGateway } from './fake-platform.js';

let gateway: TestGateway;
let url: string;
/** What each one sees, by the token that asks. */
const scopes = new Map<string, Scope>();
const readers: AbortController[] = [];
let turned: string[] = [];
const ended = new Set<string>();

beforeAll(async () => {
  gateway = await startGateway();
  const { port } = gateway.app.getHttpServer().address() as { port: number };
  url = `http://127.0.0.1:${port}/api/v1/events`;
  gateway.bus.on(checkSession, () => ({ active: true }));
  gateway.bus.on(checkSessions, ({ sessionIds }: { sessionIds: string[] }) => ({
    active: sessionIds.filter((one) => !ended.has(one)),
  }));
  gateway.bus.on(resolveScope, (_: never, { token }: OutgoingCall) => ({ scope: scopes.get(token ?? '') }));
  gateway.bus.on(findTurned, () => {
    const delegateIds = turned;
    turned = [];
    return { asOf: '2026-11-28T00:00:00.000Z', delegateIds };
  });
});
afterEach(() => readers.splice(0).forEach((reader) => reader.abort()));
afterAll(() => gateway.app.close());

interface Reader {
  frames: { id?: string; event?: string; data: unknown }[];
  /** The last place, for whoever comes back. */
  place(): string | undefined;
  isOver(): boolean;
  see(scope: Scope): void;
  leave(): void;
}

const owning = (actor: Actor, customerIds: string[] = [], others: string[] = []): Scope => ({
  all: false,
  owners: [actor.userId, ...others].map((one) => ({ id: one, accessVersion: 0 })),
  customerIds,
});

async function watch(actor: Actor, scope: Scope = owning(actor), lastPlace?: string): Promise<Reader> {
  const authorization = await gateway.bearer(actor);
  scopes.set(authorization.slice('Bearer '.length), scope);
  const abort = new AbortController();
  readers.push(abort);
  const headers = { authorization, ...(lastPlace && { 'last-event-id': lastPlace }) };
  const answer = await fetch(url, { headers, signal: abort.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = { frames: [] as Reader['frames'], text: '', over: false };
  void (async () => {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (reader.text + chunk).split('\n\n');
      reader.text = parts.pop() ?? '';
      for (const part of parts) {
        const lines = part.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 2)]);
        const { id, event, data } = Object.fromEntries(lines) as Record<string, string>;
        reader.frames.push({ id, event, data: data === undefined ? undefined : JSON.parse(data) });
      }
    }
    reader.over = true;
  })().catch(() => (reader.over = true));
  await eventually(() => expect(reader.frames.length).toBeGreaterThan(0));
  return {
    frames: reader.frames,
    place: () => reader.frames.findLast(({ id }) => id !== undefined)?.id,
    isOver: () => reader.over,
    see: (next) => scopes.set(authorization.slice('Bearer '.length), next),
    leave: () => abort.abort(),
  };
}

const toldOf = ({ frames }: Reader) =>
  frames.filter(({ event }) => event !== undefined).map(({ event, data }) => ({ event, ...(data as object) }));
const change = (type: string, resource: string, id: string) =>
  expect.objectContaining({ event: 'change', type, resource, id }) as unknown;

const customerEvent = (ownerId: string, more: object = {}) => ({
  id: id(),
  name: '深圳市中興',
  keyword: '中興',
  code: null,
  statusId: id(),
  ownerId,
  createdOn: '2026-01-01',
  paymentTermDays: null,
  language: null,
  deleted: false,
  action: 'edited' as const,
  changes: [{ field: 'phone', from: null, to: '0755-1' }],
  owners: [],
  ...more,
});
const delegationEvent = (ownerId: string, delegateId: string, customerIds: string[], more: object = {}) => ({
  id: id(),
  ownerId,
  delegateId,
  scope: 'customers' as const,
  customerIds,
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  revokedAt: null,
  action: 'given' as const,
  ...more,
});

it('names what changed to those who see it, and never how [A10]', async () => {
  const [anna, bert, admin] = [someone('salesperson'), someone('salesperson'), someone('administrator')];
  const [annas, berts] = [await watch(anna), await watch(bert)];
  const all = await watch(admin, { all: true, accessVersion: 0 });
  const event = customerEvent(anna.userId);
  gateway.tell(customerChanged, event);
  const mine = customerEvent(bert.userId);
  gateway.tell(customerChanged, mine);

  await eventually(() =>
    expect(toldOf(berts)).toEqual([
      { event: 'change', type: 'created', resource: 'customer', id: mine.id, customerId: mine.id, version: 1 },
    ]),
  );
  expect(toldOf(annas)).toEqual([change('created', 'customer', event.id)]);
  await eventually(() => expect(toldOf(all)).toHaveLength(2));
  expect(JSON.stringify([...annas.frames, ...all.frames])).not.toMatch(/中興|0755/);
});

it('asks once whose the customers are of whom an event only tells the id', async () => {
  const [anna, bert] = [someone('salesperson'), someone('salesperson')];
  const [annas, berts] = [await watch(anna), await watch(bert)];
  const customerId = id();
  gateway.bus.on(findOwners, () => ({ customers: [{ id: customerId, ownerId: anna.userId, deleted: false }] }));
  gateway.bus.asked.length = 0;
  const payment = {
    id: id(),
    purchaseId: id(),
    customerId,
    amount: '5.00',
    paidOn: '2026-01-01',
    method: 'cash' as const,
  };
  gateway.tell(paymentRecorded, payment);

  await eventually(() => expect(toldOf(annas)).toEqual([change('created', 'payment', payment.id)]));
  expect(gateway.bus.asked.filter(({ subject }) => subject === findOwners.subject)).toHaveLength(1);
  expect(toldOf(berts)).toEqual([]);
});

it('tells of contacts and follow-ups to those who see the customer, and of statuses to everybody', async () => {
  const [anna, bert] = [someone('salesperson'), someone('salesperson')];
  const [annas, berts] = [await watch(anna), await watch(bert)];
  const [customerId, contactId, followUpId] = [id(), id(), id()];
  gateway.bus.on(findOwners, () => ({ customers: [{ id: customerId, ownerId: anna.userId, deleted: false }] }));
  gateway.tell(contactChanged, { id: contactId, customerId, primary: true, action: 'created' });
  gateway.tell(contactChanged, { id: contactId, customerId, primary: true, action: 'deleted' });
  gateway.tell(followUpRecorded, { id: followUpId, customerId, kind: 'call', nextOn: null });
  const status = { id: id(), name: '意向客户', color: null, position: 0, isDefault: true };
  gateway.tell(statusChanged, { ...status, action: 'edited' });
  gateway.tell(statusChanged, { ...status, action: 'deleted' });

  const ofStatus = [change('created', 'status', status.id), change('removed', 'status', status.id)];
  await eventually(() => expect(toldOf(berts)).toEqual(ofStatus));
  await eventually(() =>
    expect(toldOf(annas)).toEqual([
      change('created', 'contact', contactId),
      change('removed', 'contact', contactId),
      change('created', 'follow-up', followUpId),
      ...ofStatus,
    ]),
  );
  expect(JSON.stringify([...annas.frames, ...berts.frames])).not.toContain('意向');
});

it('tells a transfer to both sides: one gains the customer, the other loses it', async () => {
  const [anna, bert] = [someone('salesperson'), someone('salesperson')];
  const [annas, berts] = [await watch(anna), await watch(bert)];
  const customer = { id: id(), version: 4, fromOwnerId: anna.userId, toOwnerId: bert.userId };
  gateway.tell(customersTransferred, { transferId: id(), action: 'transferred', customers: [customer], owners: [] });
  await eventually(() => {
    expect(toldOf(annas)).toEqual([change('removed', 'customer', customer.id)]);
    expect(toldOf(berts)).toEqual([change('created', 'customer', customer.id)]);
  });
});

it('tells a deletion to those who saw the customer', async () => {
  const anna = someone('salesperson');
  const annas = await watch(anna);
  const event = customerEvent(anna.userId, { deleted: true, action: 'deleted' });
  gateway.tell(customerChanged, event);
  await eventually(() => expect(toldOf(annas)).toEqual([change('removed', 'customer', event.id)]));
});

describe('a delegation', () => {
  it('shows the delegate its customers while it lasts, and takes them back at once [C42]', async () => {
    const [anna, bert] = [someone('salesperson'), someone('salesperson')];
    const berts = await watch(bert);
    const customerId = id();
    berts.see(owning(bert, [customerId]));
    const given = delegationEvent(anna.userId, bert.userId, [customerId]);
    gateway.tell(delegationChanged, given);
    await eventually(() =>
      expect(toldOf(berts)).toEqual([
        change('created', 'delegation', given.id),
        change('created', 'customer', customerId),
      ]),
    );

    const event = customerEvent(anna.userId, { id: customerId });
    gateway.tell(customerChanged, event);
    await eventually(() => expect(toldOf(berts)).toHaveLength(3));

    berts.see(owning(bert));
    gateway.tell(delegationChanged, { ...given, revokedAt: '2026-01-02T00:00:00.000Z', action: 'revoked' });
    gateway.tell(customerChanged, event);
    const mine = customerEvent(bert.userId);
    gateway.tell(customerChanged, mine);
    await eventually(() => expect(toldOf(berts)).toContainEqual(change('created', 'customer', mine.id)));
    expect(toldOf(berts).slice(3)).toEqual([
      change('removed', 'delegation', given.id),
      change('removed', 'customer', customerId),
      change('created', 'customer', mine.id),
    ]);
  });

  it('of everything changes more than can be named', async () => {
    const [anna, bert] = [someone('salesperson'), someone('salesperson')];
    const berts = await watch(bert);
    berts.see(owning(bert, [], [anna.userId]));
    gateway.tell(delegationChanged, delegationEvent(anna.userId, bert.userId, [], { scope: 'all' }));
    await eventually(() => expect(toldOf(berts).at(-1)).toEqual({ event: 'reset' }));
  });

  it('of a manager changes with the tree of teams [P8]', async () => {
    const [boss, anna] = [someone('salesperson'), someone('salesperson')];
    const bosses = await watch(boss, owning(boss, [], [anna.userId]));
    bosses.see(owning(boss));
    const teamId = id();
    gateway.tell(teamChanged, { id: teamId, name: '华南组', parentId: null });
    await eventually(() => expect(toldOf(bosses)).toEqual([change('created', 'team', teamId), { event: 'reset' }]));
    const lost = customerEvent(anna.userId);
    const own = customerEvent(boss.userId);
    gateway.tell(customerChanged, lost);
    gateway.tell(customerChanged, own);
    await eventually(() => expect(toldOf(bosses).slice(2)).toEqual([change('created', 'customer', own.id)]));
  });

  it('that runs out by the clock takes its customers along', async () => {
    const bert = someone('salesperson');
    const customerId = id();
    const berts = await watch(bert, owning(bert, [customerId]));
    berts.see(owning(bert));
    turned = [bert.userId];
    await eventually(() => expect(toldOf(berts)).toEqual([change('removed', 'customer', customerId)]));
  });
});

describe('whoever comes back', () => {
  it('goes on where he was', async () => {
    const anna = someone('salesperson');
    const first = await watch(anna);
    const [before, after, others] = [customerEvent(anna.userId), customerEvent(anna.userId), customerEvent(id())];
    gateway.tell(customerChanged, before);
    await eventually(() => expect(toldOf(first)).toHaveLength(1));
    first.leave();
    gateway.tell(customerChanged, others);
    gateway.tell(customerChanged, after);

    const again = await watch(anna, owning(anna), first.place());
    await eventually(() => expect(toldOf(again)).toEqual([change('created', 'customer', after.id)]));
  });

  it('is told to ask again when his place is unknown, or his view changed meanwhile', async () => {
    const anna = someone('salesperson');
    for (const place of ['nonsense', `${id()}.3.17`, "'; DROP"]) {
      expect(toldOf(await watch(anna, owning(anna), place))).toEqual([{ event: 'reset' }]);
    }
    const first = await watch(anna);
    first.leave();
    gateway.tell(delegationChanged, delegationEvent(id(), anna.userId, [id()], { action: 'revoked' }));
    expect(toldOf(await watch(anna, owning(anna), first.place()))).toContainEqual({ event: 'reset' });
  });
});

describe('a stream ends', () => {
  it('with its session, at once [P13]', async () => {
    const anna = someone('salesperson');
    const annas = await watch(anna);
    gateway.tell(sessionsRevoked, { userId: anna.userId, sessionId: anna.sessionId });
    await eventually(() => expect(annas.isOver()).toBe(true));
  });

  it('when auth says within a second that the session is over, though no event came [P13]', async () => {
    const anna = someone('salesperson');
    const annas = await watch(anna);
    ended.add(anna.sessionId);
    await eventually(() => expect(annas.isOver()).toBe(true));
  });

  it('for one whose view nobody can tell any more', async () => {
    const anna = someone('salesperson');
    const annas = await watch(anna);
    scopes.clear();
    const { userId, username } = anna;
    const user = {
      id: userId,
      username,
      displayName: 'A',
      role: 'salesperson' as const,
      email: null,
      teamId: null,
      active: true,
    };
    gateway.tell(userChanged, user);
    await eventually(() => expect(annas.isOver()).toBe(true));
  });
});

it('gives one user so many streams and no more', async () => {
  const anna = someone('salesperson');
  for (let count = 0; count < 20; count++) await watch(anna);
  const refused = await fetch(url, { headers: { authorization: await gateway.bearer(anna) } });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('5');
});

import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EntityManager } from 'typeorm';
import type { EventEnvelope } from '#contracts/event';
import type { Metric } from '#messaging/metrics';
import { Cursor } from '#messaging/consumer';
import { pull } from '#messaging/pull';
import { Projection, Retry, isEvent, type AppliesEvents, type ParsedEvent } from '#messaging/projection';
import { ProjectionRunner } from '#messaging/projection-runner';
import { ensureStream, streamsOf } from '#messaging/streams';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { NatsRig, messagingDatabase, thingChanged, thingRemoved } from './rig.js';

const NAME = 'billing-customers';

let nats: NatsRig;
let customers: NatsConnection;
let billing: NatsConnection;
let ops: JetStreamManager;
let database: TestDatabase;
let runner: ProjectionRunner;
let things: Things;
let metrics: Metric[];

/** Keeps the newest version of each thing, and notes in which order it was told. */
class Things implements AppliesEvents {
  poison = new Set<string>();
  notYet = new Set<string>();
  batches: number[] = [];
  calls = 0;
  /** Its transactions stay open until then. */
  until?: Promise<void>;

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    this.calls++;
    await this.until;
    for (const event of events) {
      if (this.poison.has(event.aggregateId)) throw new Error(`${event.aggregateId} is poison`);
      if (this.notYet.has(event.aggregateId)) throw new Retry();
      await tx.query(`INSERT INTO applied (id, version) VALUES ($1, $2)`, [event.aggregateId, event.version]);
      if (isEvent(thingRemoved, event)) await tx.query(`DELETE FROM thing WHERE id = $1`, [event.aggregateId]);
      if (!isEvent(thingChanged, event)) continue;
      await tx.query(
        `INSERT INTO thing (id, version, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE
         SET version = excluded.version, name = excluded.name WHERE thing.version < excluded.version`,
        [event.aggregateId, event.version, event.data.name],
      );
    }
    this.batches.push(events.length);
  }
}

function runnerOf(nc: NatsConnection, projection: AppliesEvents = things, expires = 1_000): ProjectionRunner {
  const options = { service: 'billing' as const, nc, dataSource: database.dataSource, expires, onMetric };
  return new ProjectionRunner(projection, { name: NAME, from: [thingChanged, thingRemoved] }, options);
}

const onMetric = (metric: Metric) => void metrics.push(metric);

let told = 0;
function envelope(aggregateId: string, version = 1, subject = thingChanged.subject): EventEnvelope {
  const id = `01900000-0000-7000-8000-${(++told).toString(16).padStart(12, '0')}`;
  const data = { name: `thing ${aggregateId}`, rank: version };
  return { id, subject, aggregateId, version, at: '2026-01-01T00:00:00Z', by: null, data };
}

async function publish(...events: EventEnvelope[]): Promise<void> {
  const js = jetstream(customers);
  await Promise.all(events.map((event) => js.publish(event.subject, JSON.stringify(event), { msgID: event.id })));
}

async function applied(): Promise<string[]> {
  const rows = await database.dataSource.query<{ id: string }[]>(`SELECT id FROM applied ORDER BY place`);
  return rows.map(({ id }) => id);
}

const ids = (count: number, prefix = 'a') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const acknowledged = () =>
  eventually(async () => {
    expect(await runner.status()).toMatchObject({ lag: 0 });
  });

beforeAll(async () => {
  nats = await NatsRig.start();
  customers = await nats.connect('customers');
  billing = await nats.connect('billing');
  ops = await jetstreamManager(await nats.connectAs('ops'), { checkAPI: false });
});
afterAll(() => nats.stop());

beforeEach(async () => {
  await ops.streams.delete('EVT_CUSTOMERS').catch(() => {});
  for (const spec of streamsOf('customers')) await ensureStream(ops, spec);
  database = await messagingDatabase('billing');
  metrics = [];
  things = new Things();
  runner = runnerOf(billing);
});
afterEach(async () => {
  await runner.stop();
  await database.close();
});

it('applies events in the order of the stream, many in one transaction', async () => {
  await publish(...ids(600).map((id) => envelope(id)));
  runner.start();
  await eventually(async () => expect(await applied()).toEqual(ids(600)));
  expect(Math.max(...things.batches)).toBe(256);
  await acknowledged();
});

it('applies an event when it comes, and not when it is time to ask again', async () => {
  runner = runnerOf(billing, things, 600_000);
  runner.start();
  await eventually(async () => expect(await runner.status()).toMatchObject({ active: true }));
  for (const id of ids(5)) {
    await publish(envelope(id));
    await eventually(async () => expect(await applied()).toContain(id));
  }
});

it('acknowledges nothing before it is committed: if it dies till then, the event comes again', async () => {
  let commit = () => {};
  things.until = new Promise((resolve) => (commit = resolve));
  await publish(envelope('in hand'));
  runner.start();
  await eventually(() => expect(things.calls).toBe(1));
  expect(await ops.consumers.info('EVT_CUSTOMERS', NAME)).toMatchObject({ num_ack_pending: 1 });
  commit();
  await acknowledged();
  expect(await applied()).toEqual(['in hand']);
});

it('leaves out the kinds that it does not want', async () => {
  runner.start();
  await publish(envelope('other', 1, 'evt.customers.other.changed.v1'), envelope('mine'));
  await eventually(async () => expect(await applied()).toEqual(['mine']));
  await acknowledged();
  expect(await runner.status()).toMatchObject({ parked: 0 });
});

it('applies an event once, however often it is delivered', async () => {
  const event = envelope('twice');
  const js = jetstream(customers);
  // Without an id, or beyond its window, the stream takes the same event again and again.
  for (let n = 0; n < 3; n++) await js.publish(event.subject, JSON.stringify(event));
  await publish(envelope('next'));
  runner.start();
  await eventually(async () => expect(await applied()).toEqual(['twice', 'next']));
  await js.publish(event.subject, JSON.stringify(event));
  await publish(envelope('last'));
  await eventually(async () => expect(await applied()).toEqual(['twice', 'next', 'last']));
});

it('begins anew when its consumer is lost, and applies nothing twice', async () => {
  await publish(...ids(10).map((id) => envelope(id)));
  runner.start();
  await eventually(async () => expect(await applied()).toHaveLength(10));
  await acknowledged();
  await ops.consumers.delete('EVT_CUSTOMERS', NAME);
  await publish(envelope('after'));
  await eventually(async () => expect(await applied()).toEqual([...ids(10), 'after']), 15_000);
});

it('tells of events that aged out of the stream before it came to them, once', async () => {
  await ops.streams.delete('EVT_CUSTOMERS');
  const [spec] = streamsOf('customers');
  await ops.streams.add({ ...spec, name: 'EVT_CUSTOMERS', deny_purge: false });
  await publish(...ids(5).map((id) => envelope(id)));
  runner.start();
  await eventually(async () => expect(await applied()).toEqual(ids(5)));
  await acknowledged();
  await runner.stop();
  expect(metrics.filter(({ kind }) => kind === 'missed')).toEqual([]);

  await publish(...ids(10, 'b').map((id) => envelope(id)));
  await ops.streams.purge('EVT_CUSTOMERS', { seq: 13 });
  runner = runnerOf(billing);
  runner.start();
  await eventually(async () => expect(await applied()).toEqual([...ids(5), 'b7', 'b8', 'b9']));
  expect(metrics.filter(({ kind }) => kind === 'missed')).toEqual([{ kind: 'missed', consumer: NAME, count: 7 }]);
  await acknowledged();
  await runner.stop();
  runner = runnerOf(billing);
  runner.start();
  await publish(envelope('c'));
  await eventually(async () => expect(await applied()).toContain('c'));
  expect(metrics.filter(({ kind }) => kind === 'missed')).toHaveLength(1);
});

it('takes up in order what another had been given and did not finish', async () => {
  await publish(...ids(20).map((id) => envelope(id)));
  // A replica that dies with ten messages in hand.
  await runner.stop();
  const jsm = await jetstreamManager(billing, { checkAPI: false });
  const consumer = { stream: 'EVT_CUSTOMERS', name: NAME, ack: AckPolicy.All, ackWait: 60_000 };
  await Cursor.open(billing, consumer);
  const signal = new AbortController().signal;
  const request = {
    stream: 'EVT_CUSTOMERS',
    consumer: NAME,
    batch: 10,
    expires: 1_000,
    inboxPrefix: '_INBOX_billing',
    signal,
  };
  expect(await pull(billing, request)).toHaveLength(10);
  expect(await jsm.consumers.info('EVT_CUSTOMERS', NAME)).toMatchObject({ num_ack_pending: 10 });

  runner = runnerOf(billing);
  runner.start();
  await eventually(async () => expect(await applied()).toEqual(ids(20)));
});

it('runs in one replica at a time; the other takes over', async () => {
  const other = new Things();
  const twin = runnerOf(await nats.connect('billing'), other);
  runner.start();
  twin.start();
  await publish(...ids(300).map((id) => envelope(id)));
  await eventually(async () => expect(await applied()).toEqual(ids(300)));
  const [mine, theirs] = [await runner.status(), await twin.status()];
  expect([mine.active, theirs.active].sort()).toEqual([false, true]);

  const [first, second] = mine.active ? [runner, twin] : [twin, runner];
  await first.stop();
  await publish(...ids(10, 'b').map((id) => envelope(id)));
  await eventually(async () => expect(await applied()).toEqual([...ids(300), ...ids(10, 'b')]));
  expect(await second.status()).toMatchObject({ active: true });
  await twin.stop();
});

it('loses, doubles and reorders nothing when NATS is killed', async () => {
  runner.start();
  const first = ids(1_000);
  await publish(...first.map((id) => envelope(id)));
  await eventually(async () => expect((await applied()).length).toBeGreaterThan(100));
  await nats.kill();
  await nats.back();
  await publish(...ids(50, 'b').map((id) => envelope(id)));
  await eventually(async () => expect(await applied()).toEqual([...first, ...ids(50, 'b')]), 20_000);
  await acknowledged();
});

it('goes on after the database has cut its connection', async () => {
  runner.start();
  await publish(envelope('before'));
  await eventually(async () => expect(await applied()).toEqual(['before']));
  await database.ownerDataSource
    .query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hfx_billing' AND datname = current_database()`,
    )
    .catch(() => {});
  await publish(envelope('after'));
  await eventually(async () => expect(await applied()).toEqual(['before', 'after']));
});

it('stands still while it is paused', async () => {
  runner.paused = true;
  runner.start();
  await eventually(async () => expect(await runner.status()).toMatchObject({ active: true, paused: true }));
  await publish(...ids(3).map((id) => envelope(id)));
  await eventually(async () => expect(await runner.status()).toMatchObject({ lag: 3 }));
  expect(await applied()).toEqual([]);
  runner.paused = false;
  await eventually(async () => expect(await applied()).toEqual(ids(3)));
});

describe('a message that it can’t apply', () => {
  const parked = () =>
    database.dataSource.query<Record<string, unknown>[]>(
      `SELECT event_id, subject, error, tries FROM parked WHERE consumer = $1 ORDER BY id`,
      [NAME],
    );

  it('is parked after five tries, and the rest goes on', async () => {
    things.poison.add('bad');
    const bad = envelope('bad');
    await publish(envelope('a'), bad, envelope('b'));
    runner.start();
    await eventually(async () => expect(await applied()).toEqual(['a', 'b']));
    expect(await parked()).toEqual([
      { event_id: bad.id, subject: bad.subject, error: 'Error: bad is poison', tries: 5 },
    ]);
    // Together once, `a` and `b` alone, `bad` five times.
    expect(things.calls).toBe(8);
    await acknowledged();
  });

  it('is applied when it is replayed, in order, once it can be', async () => {
    things.poison.add('bad').add('worse');
    await publish(envelope('bad', 1), envelope('worse'), envelope('bad', 2));
    runner.start();
    await eventually(async () => expect(await parked()).toHaveLength(3), 15_000);
    things.poison.delete('bad');
    expect(await runner.replayParked()).toEqual({ replayed: 2, failed: 1 });
    expect(await parked()).toMatchObject([{ error: 'Error: worse is poison', tries: 6 }]);
    expect(await applied()).toEqual(['bad', 'bad']);
    things.poison.clear();
    expect(await runner.replayParked()).toEqual({ replayed: 1, failed: 0 });
    expect(await parked()).toEqual([]);
  });

  it.each([
    ['is no JSON', '{{{'],
    ['holds a NUL', '\u0000'],
    ['has no envelope', '{"name":"x"}'],
    ['breaks its contract', JSON.stringify({ ...envelope('x'), data: { name: 1 } })],
    ['says that it is another', JSON.stringify({ ...envelope('x'), subject: thingRemoved.subject })],
  ])('because it %s is parked at once', async (_, payload) => {
    await jetstream(customers).publish(thingChanged.subject, payload, { msgID: 'broken' });
    await publish(envelope('next'));
    runner.start();
    await eventually(async () => expect(await applied()).toEqual(['next']));
    await eventually(async () => expect(await parked()).toMatchObject([{ event_id: 'broken', tries: 1 }]));
    expect(await runner.replayParked()).toEqual({ replayed: 0, failed: 1 });
  });

  it('is not parked when it only has to wait', async () => {
    things.notYet.add('early');
    await publish(envelope('early'), envelope('next'));
    runner.start();
    await eventually(() => expect(things.calls).toBeGreaterThan(2));
    things.notYet.clear();
    await eventually(async () => expect(await applied()).toEqual(['early', 'next']));
    expect(await parked()).toEqual([]);
  });
});

it('refuses events of several producers, and a name that its service has no right to', () => {
  expect(() =>
    Projection({ name: NAME, from: [thingChanged, { ...thingChanged, subject: 'evt.sales.x.y.v1' }] }),
  ).toThrow('one producer');
  const options = { service: 'sales' as const, nc: billing, dataSource: database.dataSource };
  expect(() => new ProjectionRunner(things, { name: NAME, from: [thingChanged] }, options)).toThrow('no right');
});

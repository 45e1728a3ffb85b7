import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EventEnvelope } from '#contracts/event';
import type { Metric } from '#messaging/metrics';
import { Outbox, Relay, newEvent, type NewEvent } from '#messaging/outbox';
import { ensureStream, streamsOf } from '#messaging/streams';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { NatsRig, messagingDatabase, thingChanged } from './rig.js';

const outbox = new Outbox('customers');
let nats: NatsRig;
let database: TestDatabase;
let nc: NatsConnection;
let ops: JetStreamManager;
let relay: Relay;
let metrics: Metric[];

const relayOf = (connection: NatsConnection) =>
  new Relay({
    service: 'customers',
    nc: connection,
    dataSource: database.dataSource,
    poll: 200,
    verify: 500,
    onMetric: (metric) => metrics.push(metric),
  });

const thing = (id: string, version = 1): NewEvent =>
  newEvent(thingChanged, { aggregateId: id, version, by: null, data: { name: `thing ${id}`, rank: version } });

const tell = (...events: NewEvent[]) => database.dataSource.transaction((tx) => outbox.addMany(tx, events));

/** What the stream holds, in its order. */
async function streamed(): Promise<EventEnvelope[]> {
  const { state } = await ops.streams.info('EVT_CUSTOMERS');
  const events: EventEnvelope[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await ops.streams.getMessage('EVT_CUSTOMERS', { seq });
    if (message) events.push(message.json());
  }
  return events;
}

const streamedIds = async () => (await streamed()).map(({ aggregateId }) => aggregateId);
const ids = (count: number, prefix = 'a') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

beforeAll(async () => {
  nats = await NatsRig.start();
  nc = await nats.connect('customers');
  ops = await jetstreamManager(await nats.connectAs('ops'), { checkAPI: false });
});
afterAll(() => nats.stop());

async function provideAnew() {
  await ops.streams.delete('EVT_CUSTOMERS').catch(() => {});
  for (const spec of streamsOf('customers')) await ensureStream(ops, spec);
}

beforeEach(async () => {
  metrics = [];
  database = await messagingDatabase('customers');
  await provideAnew();
  relay = relayOf(nc);
});
afterEach(async () => {
  await relay.stop();
  await database.close();
});

describe('the outbox', () => {
  it('keeps the events of a transaction that commits, and of no other', async () => {
    await tell(thing('kept'));
    const failing = database.dataSource.transaction(async (tx) => {
      await outbox.addMany(tx, [thing('dropped')]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await relay.backlog()).toMatchObject({ depth: 1 });
    relay.start();
    await eventually(async () => expect(await relay.backlog()).toEqual({ depth: 0, oldestAge: 0 }));
    expect(await streamedIds()).toEqual(['kept']);
  });

  it('tells the whole envelope', async () => {
    relay.start();
    const by = { userId: '01900000-0000-7000-8000-000000000001' };
    await database.dataSource.transaction(async (tx) => {
      await tx.query(`SET LOCAL app.now = '2012-12-31T08:00:00Z'`);
      await outbox.add(tx, thingChanged, { aggregateId: 'a', version: 3, by, data: { name: '中兴', rank: 1 } });
    });
    const [event] = await eventually(async () => {
      const events = await streamed();
      expect(events).toHaveLength(1);
      return events;
    });
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      subject: thingChanged.subject,
      aggregateId: 'a',
      version: 3,
      at: expect.stringMatching(/^2012-12-31T08:00:00/) as string,
      by,
      data: { name: '中兴', rank: 1 },
    });
  });

  it('refuses what its contract does not allow, and another service’s event', async () => {
    const wrong = newEvent(thingChanged, { ...thing('a'), data: { name: 'a', rank: 'first' } as never });
    await expect(tell(wrong)).rejects.toMatchObject({ slug: 'malformed-event' });
    const sales = database.dataSource.transaction((tx) => new Outbox('sales').addMany(tx, [thing('a')]));
    await expect(sales).rejects.toThrow('not sales');
    const large = newEvent(thingChanged, { ...thing('a'), data: { name: 'x'.repeat(1_000_000), rank: 1 } });
    await expect(tell(large)).rejects.toMatchObject({ slug: 'event-too-large' });
  });

  it('leaves out what the contract does not name', async () => {
    relay.start();
    await tell(newEvent(thingChanged, { ...thing('a'), data: { name: 'a', rank: 1, secret: 'x' } as never }));
    await eventually(async () => expect((await streamed())[0]?.data).toEqual({ name: 'a', rank: 1 }));
  });
});

describe('the relay', () => {
  it('publishes in order, more than a batch', async () => {
    relay.start();
    await tell(...ids(600).map((id) => thing(id)));
    await eventually(async () => expect(await streamedIds()).toEqual(ids(600)));
  });

  it('is woken by the commit', async () => {
    relay = new Relay({ service: 'customers', nc, dataSource: database.dataSource, poll: 60_000 });
    relay.start();
    await tell(thing('first'));
    await eventually(async () => expect(await streamedIds()).toEqual(['first']));
    await tell(thing('second'));
    await eventually(async () => expect(await streamedIds()).toEqual(['first', 'second']));
  });

  it('publishes what took its number early and was committed late', async () => {
    relay.start();
    const early = database.dataSource.createQueryRunner();
    await early.startTransaction();
    await outbox.addMany(early.manager, [thing('early')]);
    await tell(thing('late'));
    await eventually(async () => expect(await streamedIds()).toEqual(['late']));
    await early.commitTransaction();
    await early.release();
    await eventually(async () => expect(await streamedIds()).toEqual(['late', 'early']));
  });

  it('runs in one replica at a time; another takes over', async () => {
    const twin = relayOf(await nats.connect('customers'));
    relay.start();
    twin.start();
    await tell(...ids(50).map((id) => thing(id)));
    await eventually(async () => expect(await streamedIds()).toEqual(ids(50)));
    await relay.stop();
    await tell(thing('after'));
    await eventually(async () => expect(await streamedIds()).toEqual([...ids(50), 'after']));
    await twin.stop();
  });

  it('loses and doubles nothing when NATS is killed', async () => {
    relay.start();
    await tell(...ids(100).map((id) => thing(id)));
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));

    const more = tell(...ids(2_000, 'b').map((id) => thing(id)));
    await nats.kill();
    await more;
    await tell(thing('while it was away'));
    await nats.back();
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }), 20_000);
    expect(await streamedIds()).toEqual([...ids(100), ...ids(2_000, 'b'), 'while it was away']);
  });

  it('goes on after the database has cut its connection', async () => {
    relay.start();
    await tell(thing('before'));
    await eventually(async () => expect(await streamedIds()).toEqual(['before']));
    await database.ownerDataSource
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = 'hfx_customers'`,
      )
      .catch(() => {});
    await eventually(() => tell(thing('after')));
    await eventually(async () => expect(await streamedIds()).toEqual(['before', 'after']));
  });

  it('sends again what it could not mark, and the stream knows it', async () => {
    relay.start();
    await tell(thing('a'), thing('b'));
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));
    await database.dataSource.query(`UPDATE outbox SET published_at = NULL, published_seq = NULL`);
    await tell(thing('c'));
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));
    expect(await streamedIds()).toEqual(['a', 'b', 'c']);
    const seqs = await database.dataSource.query<unknown[]>(
      `SELECT published_seq::int AS seq FROM outbox ORDER BY seq`,
    );
    expect(seqs).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  });

  it('marks nothing that the stream has refused, and carries it when it is taken', async () => {
    const large = 'x'.repeat(2_000);
    await ops.streams.update('EVT_CUSTOMERS', { max_msg_size: 1_000 });
    await tell(thing('taken'), thing(large));
    relay.start();
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 1 }));
    await ops.streams.update('EVT_CUSTOMERS', { max_msg_size: -1 });
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));
    expect(await streamedIds()).toEqual(['taken', large]);
  });

  it('forgets published events after their time, and no others', async () => {
    await tell(thing('old'), thing('new'));
    await database.dataSource.query(`UPDATE outbox SET created_at = app.now() - interval '8 days',
      published_at = app.now(), published_seq = 0 WHERE payload->>'aggregateId' = 'old'`);
    await database.dataSource.query(`UPDATE outbox SET created_at = app.now() - interval '9 days'
      WHERE payload->>'aggregateId' = 'new'`);
    relay.start();
    await eventually(async () => {
      const rows = await database.dataSource.query<unknown[]>(`SELECT payload->>'aggregateId' AS id FROM outbox`);
      expect(rows).toEqual([{ id: 'new' }]);
    });
  });
});

describe('a stream that is lost', () => {
  const full = async () => {
    relay.start();
    await tell(...ids(300).map((id) => thing(id)));
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));
  };

  it('with all of JetStream is filled again from the outbox, in order', async () => {
    await full();
    await nats.wipe();
    await eventually(async () => expect(await streamedIds()).toEqual(ids(300)));
    expect(metrics).toContainEqual({ kind: 'refilled', stream: 'EVT_CUSTOMERS', count: 300 });
    await tell(thing('next'));
    await eventually(async () => expect(await streamedIds()).toEqual([...ids(300), 'next']));
  });

  it('while the connection stands is noticed as well', async () => {
    await full();
    await provideAnew();
    await eventually(async () => expect(await streamedIds()).toEqual(ids(300)));
  });

  it('and was made anew, and is as long again already, is filled too', async () => {
    await full();
    await relay.stop();
    await provideAnew();
    const others = ids(300, 'other');
    for (const id of others) await ops.jetstream().publish(thingChanged.subject, JSON.stringify({ aggregateId: id }));
    relay = relayOf(nc);
    relay.start();
    await eventually(async () => expect(await streamedIds()).toEqual([...others, ...ids(300)]));
  });

  it('at its end alone gets that end again', async () => {
    await full();
    await database.dataSource.query(`UPDATE outbox SET published_seq = published_seq + 5`);
    await relay.stop();
    relay = relayOf(nc);
    relay.start();
    await eventually(() => expect(metrics).toContainEqual({ kind: 'refilled', stream: 'EVT_CUSTOMERS', count: 5 }));
    await eventually(async () => expect(await relay.backlog()).toMatchObject({ depth: 0 }));
  });
});

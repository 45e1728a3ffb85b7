import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { rpc } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { wallClock } from '#messaging/clock';
import { closeBus, connectBus } from '#messaging/connection';
import { linkOf } from '#messaging/link';
import type { OnMetric } from '#messaging/metrics';
import { newEvent, Outbox, Relay } from '#messaging/outbox';
import { ProjectionRunner } from '#messaging/projection-runner';
import type { AppliesEvents, ParsedEvent } from '#messaging/projection';
import { BusServer } from '#messaging/server';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { Link } from '#testing/link';
import { messagingDatabase, NatsRig, thingChanged } from './rig.js';

/** A link to NATS that is cut in one direction: either end believes that the other is there, and silent. */
let nats: NatsRig;
let link: Link;
/** Over the link. */
let far: NatsConnection;
let ops: JetStreamManager;

const over = async (service: 'customers' | 'billing' | 'gateway') => {
  far = await connectBus({ ...nats.options(service), servers: `nats://127.0.0.1:${link.port}` });
  return far;
};

beforeAll(async () => {
  nats = await NatsRig.start();
  ops = await jetstreamManager(await nats.connectAs('ops'));
});
beforeEach(async () => {
  link = await Link.open();
  link.target = Number(new URL(nats.running.url).port);
});
afterEach(async () => {
  link.mend();
  await closeBus(far, 500);
  await link.close();
});
afterAll(() => nats.stop());

describe('a request', () => {
  const word = z.object({ text: z.string() });
  const echo = rpc('customers.thing.echo', { input: word, output: word, timeout: 4_000, anonymous: true });
  let server: BusServer;
  let begun: string[];
  beforeEach(async () => {
    begun = [];
    const nobody = () => Promise.reject(new Error('nobody is asked for'));
    server = new BusServer({ nc: await nats.connect('customers'), service: 'customers', verifyToken: nobody });
    const handler = (input: z.output<typeof word>) => (begun.push(input.text), Promise.resolve(input));
    server.addHandler(echo.subject, handler as never, false, { rpc: echo });
    await server.listen((error) => expect(error).toBeUndefined());
  });
  afterEach(() => server.close());

  it('whose answer is lost ends at its deadline, and is done once', async () => {
    const bus = new Bus(await over('gateway'));
    link.cut('lost', 'down');
    const lost = bus.request(echo, { text: 'lost' }, { deadline: wallClock() + 1_000 });
    await expect(lost).rejects.toMatchObject({ kind: 'timeout' });
    expect(begun).toEqual(['lost']);
    link.mend();
    // The old connection stays deaf: it is given up, and another made.
    await eventually(() => expect(bus.request(echo, { text: 'next' })).resolves.toEqual({ text: 'next' }), 30_000);
  }, 60_000);

  it('that comes after its deadline is not begun', async () => {
    const bus = new Bus(await over('gateway'));
    link.cut('held', 'up');
    const held = bus.request(echo, { text: 'held' }, { deadline: wallClock() + 500 });
    await expect(held).rejects.toMatchObject({ kind: 'timeout' });
    link.mend();
    await eventually(() => expect(bus.request(echo, { text: 'next' })).resolves.toEqual({ text: 'next' }), 30_000);
    expect(begun).not.toContain('held');
  }, 60_000);
});

describe('events', () => {
  const outbox = new Outbox('customers');
  let customers: TestDatabase;
  let billing: TestDatabase;
  beforeAll(async () => {
    [customers, billing] = await Promise.all([messagingDatabase('customers'), messagingDatabase('billing')]);
  });
  afterAll(() => Promise.all([customers?.close(), billing?.close()]));

  const tell = (...names: string[]) =>
    customers.dataSource.transaction((tx) => {
      const data = { name: 'x', rank: 1 };
      const told = names.map((aggregateId) => newEvent(thingChanged, { aggregateId, version: 1, by: null, data }));
      return outbox.addMany(tx, told);
    });
  const inStream = async () => (await ops.streams.info('EVT_CUSTOMERS')).state.messages;
  const unpublished = () => customers.dataSource.query(`SELECT id FROM outbox WHERE published_at IS NULL`);

  it('whose receipt is lost are published again, and stand once in the stream', async () => {
    const relay = new Relay({
      service: 'customers',
      nc: await over('customers'),
      dataSource: customers.dataSource,
      poll: 200,
    });
    relay.start();
    try {
      await tell('before');
      await eventually(async () => expect(await unpublished()).toEqual([]), 30_000);
      link.cut('lost', 'down');
      await tell('a', 'b', 'c');
      await eventually(async () => expect(await inStream()).toBe(4), 30_000);
      expect(await unpublished()).toHaveLength(3);
      link.mend();
      await eventually(async () => expect(await unpublished()).toEqual([]), 60_000);
      expect(await inStream()).toBe(4);
    } finally {
      await relay.stop();
    }
  }, 120_000);

  it('whose acknowledgement is lost are delivered again, and applied once', async () => {
    const applied: string[] = [];
    const things: AppliesEvents = {
      async apply(_tx: EntityManager, events: ParsedEvent[]) {
        applied.push(...events.map(({ aggregateId }) => aggregateId));
        if (applied.includes('d')) link.cut('lost', 'up');
      },
    };
    let delivered = 0;
    const options = { service: 'billing' as const, nc: await over('billing'), dataSource: billing.dataSource };
    const onMetric: OnMetric = (metric) => {
      if (metric.kind === 'projected') delivered += metric.count;
    };
    const kinds = { name: 'billing-customers', from: [thingChanged] };
    const runner = new ProjectionRunner(things, kinds, { ...options, onMetric });
    const relay = new Relay({
      service: 'customers',
      nc: await nats.connect('customers'),
      dataSource: customers.dataSource,
      poll: 200,
    });
    runner.start();
    relay.start();
    try {
      await eventually(() => expect(applied).toEqual(['before', 'a', 'b', 'c']), 30_000);
      await tell('d');
      // Nothing that it says is heard, until it gives the connection up.
      await eventually(() => expect(linkOf(far).losses).toBe(1), 30_000);
      expect(applied).toEqual(['before', 'a', 'b', 'c', 'd']);
      const { num_ack_pending } = await ops.consumers.info('EVT_CUSTOMERS', runner.name);
      expect(num_ack_pending).toBeGreaterThan(0);
      link.mend();
      await tell('e');
      await eventually(() => expect(applied).toEqual(['before', 'a', 'b', 'c', 'd', 'e']), 60_000);
      expect(delivered).toBe(7);
    } finally {
      link.mend();
      await Promise.all([runner.stop(), relay.stop()]);
    }
  }, 180_000);
});

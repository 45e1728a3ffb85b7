import { AckPolicy, RetentionPolicy, StorageType, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { connectBus, suffices } from '#messaging/connection';
import { ensureConsumer } from '#messaging/consumer';
import { differences, ensureStream, expectStream, streamsOf, type StreamSpec } from '#messaging/streams';
import { NatsRig } from './rig.js';

let nats: NatsRig;
let jsm: JetStreamManager;
let ops: JetStreamManager;
const [events, jobs] = streamsOf('billing') as [StreamSpec, StreamSpec];
const [read] = streamsOf('sales') as [StreamSpec];
const consumer = { stream: read.name, name: 'billing-sales', ack: AckPolicy.All, ackWait: 60_000 };

beforeAll(async () => {
  nats = await NatsRig.start();
  jsm = await jetstreamManager(await nats.connect('billing'), { checkAPI: false });
  ops = await jetstreamManager(await nats.connectAs('ops'), { checkAPI: false });
});
afterAll(() => nats.stop());
beforeEach(async () => {
  for (const { name } of [events, jobs, read]) await ops.streams.delete(name).catch(() => {});
});

describe('a stream', () => {
  it('is made as wanted, by several at once', async () => {
    await Promise.all([events, jobs, events, jobs].map((spec) => ensureStream(ops, spec)));
    const { config } = await jsm.streams.info('EVT_BILLING');
    expect(differences(events, config)).toEqual([]);
    expect(differences(jobs, (await jsm.streams.info('JOB_BILLING')).config)).toEqual([]);
    expect(config).toMatchObject({ storage: StorageType.File, retention: RetentionPolicy.Limits, discard: 'new' });
  });

  it('captures events and jobs, and never a request', async () => {
    for (const service of ['auth', 'customers', 'sales', 'billing', 'gateway'] as const) {
      for (const { subjects } of streamsOf(service)) {
        expect(subjects.every((subject) => /^(evt|job)\.[a-z]+\.>$/.test(subject))).toBe(true);
      }
    }
    expect(streamsOf('gateway')).toEqual([]);
  });

  it('that is set otherwise is brought in line', async () => {
    await ops.streams.add({ ...events, max_age: nanos(1_000), duplicate_window: nanos(500) });
    await ensureStream(ops, events);
    expect((await jsm.streams.info('EVT_BILLING')).config).toMatchObject({ max_age: events.max_age });
  });

  it('that can’t be brought in line fails, and says what is wrong', async () => {
    await ops.streams.add({ ...events, storage: StorageType.Memory });
    await expect(ensureStream(ops, events)).rejects.toThrow(
      /EVT_BILLING is not as it should be: storage is "memory", should be "file" \(the server refused the change: .+\)/,
    );
  });

  it('is looked at by its service, and made by none', async () => {
    await expect(expectStream(jsm, events)).rejects.toThrow(/no stream EVT_BILLING/);
    await expect(ensureStream(jsm, events)).rejects.toThrow(/permissions violation/i);
    await ops.streams.add({ ...events, max_age: 0 });
    await expect(expectStream(jsm, events)).rejects.toThrow(/EVT_BILLING is not as it should be: max_age is 0/);
    await ensureStream(ops, events);
    expect(differences(events, (await expectStream(jsm, events)).config)).toEqual([]);
  });

  it('gives away its subjects to no other', async () => {
    await ops.streams.add({ name: 'OTHER', subjects: ['evt.billing.>'] });
    await expect(ensureStream(ops, events)).rejects.toThrow(/overlap/);
    await ops.streams.delete('OTHER');
  });
});

describe('a consumer', () => {
  it('is made as wanted, and brought in line', async () => {
    await ops.streams.add(read);
    await ops.consumers.add(read.name, { durable_name: consumer.name, ack_policy: AckPolicy.All, max_deliver: 3 });
    const { config } = await ensureConsumer(jsm, consumer);
    expect(config).toMatchObject({ max_deliver: -1, ack_wait: nanos(60_000), max_ack_pending: 1_000 });
  });

  it('that can’t be brought in line fails, and says what is wrong', async () => {
    await ops.streams.add(read);
    await ops.consumers.add(read.name, { durable_name: consumer.name, ack_policy: AckPolicy.Explicit });
    await expect(ensureConsumer(jsm, consumer)).rejects.toThrow(
      /EVT_SALES\/billing-sales is not as it should be: ack_policy is "explicit", should be "all"/,
    );
  });
});

describe('a connection', () => {
  it('is refused to a server that is too old', () => {
    expect(['2.9.25', '2.11.10', '1.4.1', ''].map(suffices)).toEqual([false, false, false, false]);
    expect(['2.12.0', '2.12.0-RC.1', '2.15.1', '3.0.0'].map(suffices)).toEqual([true, true, true, true]);
  });

  it('with a wrong password fails', async () => {
    await expect(connectBus({ ...nats.options('billing'), pass: 'wrong' })).rejects.toThrow(/authorization/i);
  });

  it('waits for a server that is not up yet', async () => {
    await nats.running.process.stop();
    let connected = false;
    const waiting = connectBus(nats.options('billing')).then((nc) => {
      connected = true;
      return nc;
    });
    expect(connected).toBe(false);
    await nats.running.process.start();
    await (await waiting).close();
    expect(connected).toBe(true);
  });
});

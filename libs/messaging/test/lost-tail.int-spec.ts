import type { EntityManager } from 'typeorm';
import { Outbox, Relay, newEvent, type NewEvent } from '#messaging/outbox';
import type { Metric } from '#messaging/metrics';
import type { AppliesEvents, ParsedEvent } from '#messaging/projection';
import { ProjectionRunner } from '#messaging/projection-runner';
import { ensureStream, streamsOf } from '#messaging/streams';
import { jetstreamManager } from '@nats-io/jetstream';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { NatsRig, messagingDatabase, thingChanged } from './rig.js';

/**
 * A stream that comes back from an older copy, under the same name and with the same age, while its consumers know that
 * they have been further. What is published again stands where something else stood before.
 */
let nats: NatsRig;
let customers: TestDatabase;
let billing: TestDatabase;
let relay: Relay;
let runner: ProjectionRunner;
const metrics: Metric[] = [];

const outbox = new Outbox('customers');
const ids = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const thing = (id: string): NewEvent =>
  newEvent(thingChanged, { aggregateId: id, version: 1, by: null, data: { name: id, rank: 1 } });
const tell = (...names: string[]) => customers.dataSource.transaction((tx) => outbox.addMany(tx, names.map(thing)));

class Things implements AppliesEvents {
  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    for (const { aggregateId } of events) {
      await tx.query(`INSERT INTO applied (id, version) VALUES ($1, 1)`, [aggregateId]);
    }
  }
}

async function applied(): Promise<string[]> {
  const rows = await billing.dataSource.query<{ id: string }[]>(`SELECT id FROM applied ORDER BY place`);
  return rows.map(({ id }) => id);
}

beforeAll(async () => {
  nats = await NatsRig.start();
  [customers, billing] = await Promise.all([messagingDatabase('customers'), messagingDatabase('billing')]);
  const teller = await nats.connect('customers');
  const jsm = await jetstreamManager(teller, { checkAPI: false });
  for (const spec of streamsOf('customers')) await ensureStream(jsm, spec);
  const onMetric = (metric: Metric) => void metrics.push(metric);
  relay = new Relay({ service: 'customers', nc: teller, dataSource: customers.dataSource, poll: 200, onMetric });
  const options = { service: 'billing' as const, nc: await nats.connect('billing'), dataSource: billing.dataSource };
  const kinds = { name: 'billing-customers', from: [thingChanged] };
  runner = new ProjectionRunner(new Things(), kinds, { ...options, expires: 1_000 });
  relay.start();
  runner.start();
});
afterAll(async () => {
  await Promise.all([relay?.stop(), runner?.stop()]);
  await Promise.all([customers?.close(), billing?.close()]);
  await nats?.stop();
});

it('a stream that has lost its end hides nothing from a consumer that had come further', async () => {
  const known = ids(10, 'a');
  await tell(...known);
  await eventually(async () => expect(await applied()).toEqual(known));
  await nats.keepCopy();

  // It takes its number now, and is committed while the server is away: so it is published before the lost ones.
  const early = customers.dataSource.createQueryRunner();
  await early.startTransaction();
  await outbox.addMany(early.manager, [thing('early')]);

  const lost = ids(10, 'b');
  await tell(...lost);
  await eventually(async () => expect(await applied()).toEqual([...known, ...lost]));
  await eventually(async () => expect(await runner.status()).toMatchObject({ lag: 0 }));

  await nats.returnToCopy('EVT_CUSTOMERS', async () => {
    await early.commitTransaction();
    await early.release();
  });
  // Else nothing was lost, and there is nothing to show.
  await eventually(() => expect(metrics).toContainEqual({ kind: 'refilled', stream: 'EVT_CUSTOMERS', count: 10 }));
  await tell('later');
  await eventually(
    async () => expect([...(await applied())].sort()).toEqual([...known, ...lost, 'early', 'later'].sort()),
    20_000,
  );
});

import {
  Controller,
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type INestMicroservice,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { job } from '#contracts/event';
import { rpc, type ServiceName } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { Handles, Input } from '#messaging/handles';
import { MessagingModule, NATS, Runners, type MessagingOptions } from '#messaging/messaging.module';
import { Outbox } from '#messaging/outbox';
import { Projection, isEvent, type AppliesEvents, type ParsedEvent } from '#messaging/projection';
import { Relay } from '#messaging/relay';
import { Republisher, Republishes, type StateEvent, type TellsStates } from '#messaging/republish';
import { BusServer } from '#messaging/server';
import { WorkQueue, Worker, type Works } from '#messaging/work-queue';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { NatsRig, messagingDatabase, thingChanged } from './rig.js';

const Thing = z.object({ id: z.string(), name: z.string() });
const write = rpc('customers.thing.write', { input: Thing, output: z.object({ version: z.int() }), anonymous: true });
const sweep = job('billing.sweep-shard', z.object({ shard: z.int() }));

@Injectable()
@Controller()
class ThingHandlers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  @Handles(write)
  write(@Input() { id, name }: z.output<typeof Thing>) {
    return this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<{ version: number }[]>(
        `INSERT INTO thing (id, version, name) VALUES ($1, 1, $2) ON CONFLICT (id) DO UPDATE
         SET version = thing.version + 1, name = excluded.name RETURNING version`,
        [id, name],
      );
      const version = row?.version ?? 0;
      await this.outbox.add(tx, thingChanged, { aggregateId: id, version, by: null, data: { name, rank: version } });
      return { version };
    });
  }
}

@Republishes()
class AllThings implements TellsStates {
  constructor(private readonly dataSource: DataSource) {}

  async *states(): AsyncIterable<StateEvent> {
    const things = await this.dataSource.query<{ id: string; version: number; name: string }[]>('SELECT * FROM thing');
    for (const { id, version, name } of things) {
      yield { type: thingChanged, aggregateId: id, version, data: { name, rank: version } };
    }
  }
}

@Projection({ name: 'billing-customers', from: [thingChanged] })
class ThingProjection implements AppliesEvents {
  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    for (const event of events) {
      if (!isEvent(thingChanged, event)) continue;
      const written = await tx.query<unknown[]>(
        `INSERT INTO thing (id, version, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE
         SET version = excluded.version, name = excluded.name WHERE thing.version < excluded.version RETURNING id`,
        [event.aggregateId, event.version, event.data.name],
      );
      if (written.length > 0)
        await tx.query('INSERT INTO applied (id, version) VALUES ($1, $2)', [event.aggregateId, event.version]);
    }
  }
}

@Worker(sweep, { lease: 2_000 })
class Sweeper implements Works {
  static begun: number[] = [];
  static done: number[] = [];
  static hold?: Promise<void>;

  async work({ shard }: { shard: number }): Promise<void> {
    Sweeper.begun.push(shard);
    await Sweeper.hold;
    Sweeper.done.push(shard);
  }
}

/** Stands for TypeOrmModule. */
@Global()
@Module({})
class DatabaseModule {
  static of(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DataSource, useValue: dataSource }],
      exports: [DataSource],
    };
  }
}

interface Parts {
  controllers?: Type[];
  providers?: Provider[];
  database?: TestDatabase;
}

let nats: NatsRig;
let databases: Record<'customers' | 'billing', TestDatabase>;
const open: INestMicroservice[] = [];

/** Started as a service is: the module, then the server of its requests on the module's connection. */
async function serve(
  service: ServiceName,
  { controllers, providers, database }: Parts,
  more?: Partial<MessagingOptions>,
) {
  const root: DynamicModule = {
    module: class Root {},
    imports: [
      ...(database ? [DatabaseModule.of(database.dataSource)] : []),
      MessagingModule.forService({ service, connection: nats.options(service), ...more }),
    ],
    controllers,
    providers,
  };
  const app = await NestFactory.createMicroservice<{ strategy: BusServer }>(root, {
    inject: [NATS],
    useFactory: (nc: NatsConnection) => ({
      strategy: new BusServer({
        nc,
        service,
        verifyToken: () => Promise.reject(new Error('none')),
        checkReplies: true,
      }),
    }),
    logger: false,
    abortOnError: false,
  } as never);
  open.push(app);
  await app.listen();
  return app;
}

const customers = (more?: Partial<MessagingOptions>) =>
  serve('customers', { controllers: [ThingHandlers], providers: [AllThings], database: databases.customers }, more);
const billing = (more?: Partial<MessagingOptions>) =>
  serve('billing', { providers: [ThingProjection, Sweeper], database: databases.billing }, more);

const rows = (sql: string) => databases.billing.dataSource.query<Record<string, unknown>[]>(sql);
const seen = () => rows('SELECT id, version, name FROM thing ORDER BY id');

beforeAll(async () => {
  nats = await NatsRig.start();
  databases = { customers: await messagingDatabase('customers'), billing: await messagingDatabase('billing') };
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
  for (const { dataSource } of Object.values(databases)) {
    for (const table of ['thing', 'applied']) await dataSource.query(`DELETE FROM ${table}`);
  }
});
afterAll(async () => {
  await Promise.all(Object.values(databases).map((database) => database.close()));
  await nats.stop();
});

it('carries a change from a request through outbox and stream into another service’s table', async () => {
  const gateway = await serve('gateway', {});
  await customers();
  await billing();
  const bus = gateway.get(Bus);
  await expect(bus.request(write, { id: 'a', name: 'one' })).resolves.toEqual({ version: 1 });
  await expect(bus.request(write, { id: 'a', name: 'two' })).resolves.toEqual({ version: 2 });
  await eventually(async () => expect(await seen()).toEqual([{ id: 'a', version: 2, name: 'two' }]));
});

it('fills an emptied projection by republishing, and leaves one alone that is up to date', async () => {
  const gateway = await serve('gateway', {});
  const owner = await customers();
  const reader = await billing();
  for (const id of ['b', 'c', 'd']) await gateway.get(Bus).request(write, { id, name: `thing ${id}` });
  const all = ['b', 'c', 'd'].map((id) => ({ id, version: 1, name: `thing ${id}` }));
  const whole = async () => expect(await seen()).toEqual(all);
  const dealt = async () => {
    expect(await owner.get(Relay).backlog()).toMatchObject({ depth: 0 });
    expect(await reader.get(Runners).projection('billing-customers').status()).toMatchObject({ lag: 0 });
  };
  await eventually(whole);

  expect(await owner.get(Republisher).run()).toBe(3);
  await eventually(dealt);
  expect(await rows('SELECT id FROM applied ORDER BY place')).toEqual(all.map(({ id }) => ({ id })));

  await databases.billing.dataSource.query('DELETE FROM thing');
  await owner.get(Republisher).run();
  await eventually(whole);
});

it('heals when JetStream is wiped whole under running services', async () => {
  const gateway = await serve('gateway', {});
  await customers();
  await billing();
  const bus = gateway.get(Bus);
  await bus.request(write, { id: 'e', name: 'before' });
  await eventually(async () => expect(await seen()).toEqual([{ id: 'e', version: 1, name: 'before' }]));

  await nats.wipe();
  await eventually(() => bus.request(write, { id: 'e', name: 'after' }));
  await eventually(async () => expect(await seen()).toEqual([{ id: 'e', version: 2, name: 'after' }]), 20_000);
  // The refilled stream told it all again, and none of it was applied twice.
  expect(await rows('SELECT id, version FROM applied ORDER BY place')).toEqual([
    { id: 'e', version: 1 },
    { id: 'e', version: 2 },
  ]);
});

it('does the jobs that it hands out', async () => {
  const app = await billing();
  await app.get(WorkQueue).enqueue(sweep, { shard: 1 }, { id: 'one' });
  await eventually(() => expect(Sweeper.done).toEqual([1]));
});

it('runs only the parts that it is told to', async () => {
  const app = await billing({ runs: { projections: false, workers: false } });
  const before = Sweeper.begun.length;
  await app.get(WorkQueue).enqueue(sweep, { shard: 2 }, { id: 'two' });
  const { projections, workers } = app.get(Runners);
  expect(await projections[0]?.status()).toMatchObject({ active: false });
  expect(await workers[0]?.status()).toMatchObject({ waiting: 1 });
  expect(Sweeper.begun).toHaveLength(before);

  await billing();
  await eventually(() => expect(Sweeper.done).toContain(2));
});

it('ends when its work in hand is done, and leaves no connection', async () => {
  const app = await billing();
  let release = () => {};
  Sweeper.hold = new Promise((resolve) => (release = resolve));
  await app.get(WorkQueue).enqueue(sweep, { shard: 3 }, { id: 'three' });
  await eventually(() => expect(Sweeper.begun).toContain(3));

  const nc = app.get<NatsConnection>(NATS);
  const closed = app.close();
  expect(Sweeper.done).not.toContain(3);
  release();
  Sweeper.hold = undefined;
  await closed;
  expect(Sweeper.done).toContain(3);
  expect(nc.isClosed()).toBe(true);
});

it('does not start with a projection that its service has no right to', async () => {
  @Projection({ name: 'sales-everything', from: [thingChanged] })
  class Curious implements AppliesEvents {
    async apply() {}
  }
  const database = databases.billing;
  await expect(serve('sales', { providers: [Curious], database })).rejects.toThrow('no right to the consumer');
});

it('says when its connection is closed for good', async () => {
  let told: Error | undefined | null = null;
  const app = await serve('gateway', {}, { onConnectionLost: (reason) => (told = reason) });
  await app.get<NatsConnection>(NATS).close();
  await eventually(() => expect(told).not.toBeNull());
});

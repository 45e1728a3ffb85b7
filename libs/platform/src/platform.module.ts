import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { ScheduleModule } from '@nestjs/schedule';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { listKeys } from '#contracts/auth';
import type { ServiceName } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { doerOf, onwardOf } from '#messaging/handles';
import { linkOf } from '#messaging/link';
import { MessagingModule, NATS, Runners, type MessagingOptions } from '#messaging/messaging.module';
import { Relay } from '#messaging/outbox';
import { BusServer } from '#messaging/server';
import { Clock, ORG_TIME_ZONE } from './clock.js';
import type { BaseConfig, DatabaseConfig } from './config.js';
import { dataSourceOptions } from './database.js';
import { HealthServer } from './health.js';
import { Idempotency } from './idempotency.js';
import { Metrics } from './metrics.js';
import { requestContext } from './request-context.js';
import { TokenVerifier } from './tokens.js';

interface CommonOptions {
  service: ServiceName;
  config: BaseConfig;
  /** Which parts run in this process; all, unless told otherwise. */
  runs?: MessagingOptions['runs'];
  /** For tests: an answer that its contract doesn't allow becomes an error. */
  checkReplies?: boolean;
}

export interface ServiceOptions extends CommonOptions {
  config: BaseConfig & DatabaseConfig;
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
}

@Module({})
class PlatformModule {}

/** What every service stands on: database, bus, clock, tokens, idempotency, health, metrics. Global. */
export function platform(options: ServiceOptions): DynamicModule {
  const { service, config, entities, migrations } = options;
  const database = TypeOrmModule.forRoot({
    ...dataSourceOptions(service, config, { entities, migrations }),
    retryAttempts: 20,
    retryDelay: 500,
  });
  return assemble(options, [database, ScheduleModule.forRoot()], [Idempotency, databaseHealth]);
}

/** The same for the gateway, which has no database. */
export function platformWithoutDatabase(options: CommonOptions & { service: 'gateway' }): DynamicModule {
  return assemble(options, [], []);
}

function assemble(options: CommonOptions, imports: DynamicModule[], more: Provider[]): DynamicModule {
  const { service, config, runs, checkReplies } = options;
  const metrics = new Metrics(service);
  const messaging = MessagingModule.forService({
    service,
    connection: { servers: config.NATS_URL, user: config.NATS_USER ?? '', pass: config.NATS_PASSWORD ?? '' },
    runs,
    replicas: config.NATS_REPLICAS,
    ambient: requestContext.get,
    onMetric: metrics.onMetric,
    // Without it nothing works any more; whoever runs this process starts it again.
    onConnectionLost: () => process.exit(1),
  });
  const providers: Provider[] = [
    { provide: ORG_TIME_ZONE, useValue: config.HFX_ORG_TIME_ZONE },
    Clock,
    { provide: Metrics, useValue: metrics },
    {
      provide: HealthServer,
      inject: [NATS],
      useFactory: (nc: NatsConnection) => {
        const health = new HealthServer(metrics.registry);
        health.add('nats', async () => linkOf(nc).up);
        return health;
      },
    },
    {
      provide: TokenVerifier,
      inject: [Bus, Clock],
      useFactory: (bus: Bus, clock: Clock) =>
        new TokenVerifier(async () => (await bus.request(listKeys.askedBy(service), {})).keys, clock),
    },
    {
      provide: BusServer,
      inject: [NATS, TokenVerifier],
      useFactory: (nc: NatsConnection, tokens: TokenVerifier) =>
        new BusServer({
          nc,
          service,
          verifyToken: (token, begun) => tokens.verify(token, begun),
          checkReplies,
          around: (call, work) =>
            requestContext.run({ ...onwardOf(call), doer: 'actor' in call ? doerOf(call) : undefined }, work),
          onMetric: metrics.onMetric,
        }),
    },
    ...more,
  ];
  const exported = providers.filter((provider) => provider !== databaseHealth);
  return { module: PlatformModule, global: true, imports: [...imports, messaging], providers, exports: exported };
}

const databaseHealth: Provider = {
  provide: Symbol('database health'),
  inject: [HealthServer, Metrics, Relay, Runners, getDataSourceToken()],
  useFactory: (health: HealthServer, metrics: Metrics, relay: Relay, runners: Runners, dataSource: DataSource) => {
    health.add('database', async () => {
      await dataSource.query('SELECT 1');
      return true;
    });
    metrics.gauge('outbox_depth', 'Events that wait to be published', [], async (gauge) =>
      gauge.set((await relay.backlog()).depth),
    );
    metrics.gauge('outbox_oldest_age_seconds', 'Age of the oldest of them', [], async (gauge) =>
      gauge.set((await relay.backlog()).oldestAge),
    );
    metrics.gauge('parked_messages', 'Messages set aside', ['consumer'], async (gauge) => {
      gauge.reset();
      const rows = await dataSource.query<{ consumer: string; count: number }[]>(
        'SELECT consumer, count(*)::int AS count FROM parked GROUP BY consumer',
      );
      for (const { consumer, count } of rows) gauge.set({ consumer }, count);
    });
    metrics.gauge('consumer_lag', 'Messages of a stream that wait to be dealt with', ['consumer'], async (gauge) => {
      gauge.reset();
      for (const runner of runners.projections) {
        const { name, lag } = await runner.status();
        if (lag !== null) gauge.set({ consumer: name }, lag);
      }
      for (const runner of runners.workers) {
        const { name, waiting } = await runner.status();
        if (waiting !== null) gauge.set({ consumer: name }, waiting);
      }
    });
    metrics.gauge('database_connections', 'Connections of the pool', ['state'], async (gauge) => {
      const pool = (dataSource.driver as PostgresDriver).master as Pool;
      gauge.set({ state: 'idle' }, pool.idleCount);
      gauge.set({ state: 'in use' }, pool.totalCount - pool.idleCount);
      gauge.set({ state: 'waited for' }, pool.waitingCount);
    });
    return true;
  },
};

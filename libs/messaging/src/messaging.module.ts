import type { NatsConnection } from '@nats-io/transport-node';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Bus } from './bus.js';
import { connectBus } from './connection.js';
import { discovered } from './discovered.js';
import { Lifecycle, MESSAGING, NATS, type MessagingOptions } from './lifecycle.js';
import { Outbox } from './outbox.js';
import { Relay } from './relay.js';
import { REPUBLISHES, Republisher, type TellsStates } from './republish.js';
import { Runners } from './runners.js';
import { WorkQueue } from './work-queue.js';

export { NATS, type MessagingOptions } from './lifecycle.js';
export { Runners } from './runners.js';

/**
 * A service's part in the messages: Bus, Outbox, WorkQueue, Republisher, and what runs by itself. Each running
 * projection holds a connection of the DataSource's pool, and so does the relay: let the pool be larger than that.
 */
@Module({})
export class MessagingModule {
  static forService(options: MessagingOptions): DynamicModule {
    const providers = options.service === 'gateway' ? busProviders : [...busProviders, ...databaseProviders(options)];
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [{ provide: MESSAGING, useValue: options }, ...providers, Lifecycle],
      exports: providers.map(({ provide }) => provide),
    };
  }
}

const busProviders: FactoryProvider[] = [
  {
    provide: NATS,
    inject: [MESSAGING],
    useFactory: ({ service, connection }: MessagingOptions) => connectBus({ ...connection, service }),
  },
  {
    provide: Bus,
    inject: [NATS, MESSAGING],
    useFactory: (nc: NatsConnection, { ambient, onMetric }: MessagingOptions) => new Bus(nc, { ambient, onMetric }),
  },
];

const databaseProviders = ({ dataSource = DataSource }: MessagingOptions): FactoryProvider[] => [
  {
    provide: Outbox,
    inject: [MESSAGING],
    useFactory: ({ service }: MessagingOptions) => new Outbox(service),
  },
  {
    provide: Relay,
    inject: [MESSAGING, NATS, dataSource],
    useFactory: ({ service, replicas, onMetric }: MessagingOptions, nc: NatsConnection, database: DataSource) =>
      new Relay({ service, nc, dataSource: database, replicas, onMetric }),
  },
  {
    provide: WorkQueue,
    inject: [MESSAGING, NATS],
    useFactory: ({ service }: MessagingOptions, nc: NatsConnection) => new WorkQueue({ service, nc }),
  },
  {
    provide: Runners,
    inject: [MESSAGING, NATS, dataSource, DiscoveryService],
    useFactory: (options: MessagingOptions, nc: NatsConnection, database: DataSource, discovery: DiscoveryService) =>
      new Runners({ service: options.service, nc, dataSource: database, onMetric: options.onMetric }, discovery),
  },
  {
    provide: Republisher,
    inject: [DiscoveryService, Outbox, dataSource],
    useFactory: (discovery: DiscoveryService, outbox: Outbox, database: DataSource) => {
      const sources = () => discovered<TellsStates, true>(discovery, REPUBLISHES).map(({ instance }) => instance);
      return new Republisher(sources, outbox, database);
    },
  },
];

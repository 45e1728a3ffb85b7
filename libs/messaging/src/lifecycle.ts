import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type InjectionToken,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { ServiceName } from '#contracts/rpc';
import type { OutgoingCall } from './calls.js';
import { closeBus } from './connection.js';
import { reasonOf } from './faults.js';
import type { OnMetric } from './metrics.js';
import { pause } from './pause.js';
import { Relay } from './relay.js';
import { Runners } from './runners.js';
import { ConfigurationMismatch, expectStream, streamsOf } from './streams.js';

export interface MessagingOptions {
  service: ServiceName;
  connection: { servers: string | string[]; user: string; pass: string };
  /** Which parts run in this process; all, unless told otherwise. A command that only writes the outbox runs none. */
  runs?: { relay?: boolean; projections?: boolean; workers?: boolean };
  /** Replicas of the service's streams in a NATS cluster. */
  replicas?: number;
  /** Where the service's DataSource is found, if not under its class; the gateway has none. */
  dataSource?: InjectionToken;
  /** What every request carries that goes out from here: trace and request id. */
  ambient?: () => OutgoingCall;
  onMetric?: OnMetric;
  /** The connection is closed for good although nobody asked for it: the process had better end. */
  onConnectionLost?: (reason: Error | undefined) => void;
}

export const MESSAGING = Symbol('messaging options');
/** The service's one NatsConnection. */
export const NATS = Symbol('NATS connection');

/** How long a start waits for JetStream, ms. */
const START_WITHIN = 60_000;

/** Starts what runs by itself once everything is wired, and stops it in order. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('Messaging');
  private closing = false;

  constructor(
    @Inject(MESSAGING) private readonly options: MessagingOptions,
    @Inject(NATS) private readonly nc: NatsConnection,
    @Optional() @Inject(Relay) private readonly relay?: Relay,
    @Optional() @Inject(Runners) private readonly runners?: Runners,
  ) {
    void nc.closed().then((reason) => this.lost(reason ?? undefined));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.relay || !this.runners) return;
    const { relay = true, projections = true, workers = true } = this.options.runs ?? {};
    this.runners.find();
    if (relay || workers) await this.awaitStreams();
    if (relay) this.relay.start();
    if (projections) for (const projection of this.runners.projections) projection.start();
    if (workers) for (const worker of this.runners.workers) worker.start();
  }

  /** No more events and jobs from here on. Requests are the bus server's: Nest closes it between this and the next. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runners?.stop();
  }

  /** The last handlers are done: what they told is published, unless the database has gone already. */
  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    await this.relay?.stop();
    await closeBus(this.nc);
  }

  private async awaitStreams(): Promise<void> {
    const jsm = await jetstreamManager(this.nc, { checkAPI: false });
    const giveUp = performance.now() + START_WITHIN;
    for (const spec of streamsOf(this.options.service, this.options.replicas)) {
      for (;;) {
        try {
          await expectStream(jsm, spec);
          break;
        } catch (error) {
          if (error instanceof ConfigurationMismatch || performance.now() > giveUp) throw error;
          this.logger.warn(`${spec.name}: ${reasonOf(error)}; trying again`);
          await pause(500);
        }
      }
    }
  }

  private lost(reason: Error | undefined): void {
    if (this.closing) return;
    this.logger.error(`The connection to NATS is closed for good: ${reasonOf(reason ?? 'no reason given')}`);
    this.options.onConnectionLost?.(reason);
  }
}

import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { ServiceName } from '#contracts/rpc';
import { Cursor, type ConsumerSpec } from './consumer.js';
import { runExclusively } from './exclusive.js';
import { Retry, isTransient, reasonOf } from './faults.js';
import { claim, missedBefore, moveTo, pruneInbox } from './inbox.js';
import { linkOf } from './link.js';
import type { OnMetric } from './metrics.js';
import { park, parkedCount, replay, type ParkedMessage, type Replayed } from './parked.js';
import { Bell, pause } from './pause.js';
import { assertMayConsume, eventStream, inboxPrefix, producerOf } from './permissions.js';
import { parseEvent, type AppliesEvents, type ParsedEvent, type ProjectionOptions } from './projection.js';
import { confirmAck, pull, type Pulled } from './pull.js';
import { beginSpan, traced } from './tracing.js';

export interface RunnerOptions {
  service: ServiceName;
  nc: NatsConnection;
  dataSource: DataSource;
  onMetric?: OnMetric;
  /** How long to wait for the first message of a batch, ms. */
  expires?: number;
}

export interface ProjectionStatus {
  name: string;
  /** Whether this replica is the one that applies. */
  active: boolean;
  paused: boolean;
  /** Messages of the stream that it has not dealt with; null while NATS can't be asked. */
  lag: number | null;
  parked: number;
}

const BATCH = 256;
const PRUNE_EVERY = 3_600_000;
const TRIES = 5;
/** How often a batch with an event that can't be applied yet is tried again, before each stands for itself. */
const RETRIES = 8;
const backoff = (tries: number) => Math.min(50 * 2 ** tries, 2_000);

/** Feeds one projection, in one replica at a time: batch, transaction, acknowledgement. */
export class ProjectionRunner {
  readonly name: string;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private readonly resumed = new Bell();
  private readonly consumer: ConsumerSpec;
  private running?: Promise<void>;
  private active = false;
  private frozen = false;
  private prunedAt = -Infinity;

  constructor(
    private readonly projection: AppliesEvents,
    private readonly kinds: ProjectionOptions,
    private readonly options: RunnerOptions,
  ) {
    this.name = kinds.name;
    this.logger = new Logger(`Projection ${this.name}`);
    const [first] = kinds.from;
    if (!first) throw new Error(`${this.name} reads nothing`);
    const stream = eventStream(producerOf(first.subject));
    assertMayConsume(options.service, { stream, name: this.name });
    // It takes the whole stream and leaves out what it doesn't want: so its place in it is always known.
    this.consumer = { stream, name: this.name, ack: AckPolicy.All, ackWait: 60_000 };
  }

  /** Holds the projection still, for tests. Takes effect after the batch in hand. */
  get paused(): boolean {
    return this.frozen;
  }

  set paused(paused: boolean) {
    this.frozen = paused;
    this.resumed.ring();
  }

  start(): void {
    const { dataSource } = this.options;
    const exclusive = {
      dataSource,
      lock: `projection ${this.name}`,
      signal: this.stopping.signal,
      logger: this.logger,
    };
    this.running ??= runExclusively(exclusive, (runner, lost) => this.run(runner, lost));
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async status(): Promise<ProjectionStatus> {
    const jsm = await jetstreamManager(this.options.nc, { checkAPI: false, timeout: 1_000 });
    const info = await jsm.consumers.info(this.consumer.stream, this.name).catch(() => undefined);
    return {
      name: this.name,
      active: this.active,
      paused: this.paused,
      lag: info ? info.num_pending + info.num_ack_pending : null,
      parked: await parkedCount(this.options.dataSource, this.name),
    };
  }

  /** Applies the parked events again, in order. Those that still fail stay. */
  replayParked(): Promise<Replayed> {
    return replay(this.options.dataSource, this.name, async (tx, { subject, payload }) => {
      const parsed = parseEvent(this.kinds.from, subject, payload);
      if (!parsed) throw new Error(`${this.name} does not read ${subject} any more`);
      if ('fault' in parsed) throw parsed.fault;
      await this.projection.apply(tx, [parsed.event]);
    });
  }

  private async run(runner: QueryRunner, lost: AbortSignal): Promise<void> {
    const { nc, service, expires = 5_000 } = this.options;
    const link = linkOf(nc);
    if (!(await link.whenUp(expires))) return;
    const broken = AbortSignal.any([lost, link.intact]);
    const cursor = await Cursor.open(nc, this.consumer);
    await this.tellMissed(runner, cursor);
    const request = { ...this.consumer, consumer: this.name, batch: BATCH, expires, inboxPrefix: inboxPrefix(service) };
    this.active = true;
    try {
      while (!broken.aborted) {
        if (this.frozen) await this.resumed.wait(expires, broken);
        if (this.frozen) continue;
        await this.prune(runner);
        const batch = await pull(nc, { ...request, signal: broken });
        const last = batch.at(-1);
        if (!last || broken.aborted) continue;
        cursor.check(batch);
        await this.deal(runner, batch, lost);
        await moveTo(runner, this.name, cursor.stream.created, last.streamSeq);
        await confirmAck(nc, last);
      }
    } finally {
      this.active = false;
    }
  }

  private async tellMissed(runner: QueryRunner, cursor: Cursor): Promise<void> {
    const count = await missedBefore(runner, this.name, cursor.stream);
    if (count === 0) return;
    this.logger.error(`${count} events of ${this.consumer.stream} are gone unseen: republish its owner's state`);
    this.options.onMetric?.({ kind: 'missed', consumer: this.name, count });
  }

  private async prune(runner: QueryRunner): Promise<void> {
    if (performance.now() - this.prunedAt < PRUNE_EVERY) return;
    await pruneInbox(runner, this.name);
    this.prunedAt = performance.now();
  }

  private async deal(runner: QueryRunner, batch: Pulled[], lost: AbortSignal): Promise<void> {
    const started = performance.now();
    const events: ParsedEvent[] = [];
    const broken: (ParkedMessage & { error: Error })[] = [];
    for (const message of batch) {
      const parsed = parseEvent(this.kinds.from, message.subject, message.data);
      if (parsed && 'event' in parsed) events.push(parsed.event);
      else if (parsed) broken.push({ ...this.asParked(message), error: parsed.fault });
    }
    await this.applyTogether(runner, events, lost);
    for (const { error, ...message } of broken) {
      await runner.manager.transaction((tx) => this.putAside(tx, message, error, 1));
    }
    this.options.onMetric?.({
      kind: 'projected',
      consumer: this.name,
      count: events.length,
      ms: performance.now() - started,
    });
  }

  private async applyTogether(runner: QueryRunner, events: ParsedEvent[], lost: AbortSignal): Promise<void> {
    for (let tries = 1; tries <= RETRIES; tries++) {
      try {
        return await runner.manager.transaction((tx) => this.applyNew(tx, events));
      } catch (error) {
        stopIf(lost, error);
        if (!(error instanceof Retry)) break;
        await pause(backoff(tries), lost);
      }
    }
    for (const event of events) await this.applyAlone(runner, event, lost);
  }

  private async applyAlone(runner: QueryRunner, event: ParsedEvent, lost: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await runner.manager.transaction((tx) => this.applyNew(tx, [event]));
      } catch (error) {
        stopIf(lost, error);
        if (tries < TRIES) {
          await pause(backoff(tries), lost);
          continue;
        }
        const message = { eventId: event.id, subject: event.subject, payload: JSON.stringify(event) };
        return runner.manager.transaction(async (tx) => {
          await claim(tx, this.name, [event]);
          await this.putAside(tx, message, error, tries);
        });
      }
    }
  }

  private async applyNew(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const fresh = await claim(tx, this.name, events);
    const [first, ...others] = fresh;
    if (!first) return;
    const settings = ({ traceparent }: ParsedEvent) => ({
      kind: SpanKind.CONSUMER,
      parent: traceparent,
      attributes: { consumer: this.name, batch: fresh.length },
    });
    // They are applied together; what that asks of the database hangs below the first.
    const spans = others.map((event) => beginSpan(`apply ${event.subject}`, settings(event)));
    try {
      await traced(`apply ${first.subject}`, settings(first), () => this.projection.apply(tx, fresh));
    } finally {
      for (const span of spans) span.end();
    }
  }

  private async putAside(tx: EntityManager, message: ParkedMessage, error: unknown, tries: number): Promise<void> {
    await park(tx, this.name, message, { error, tries });
    this.logger.error(`${message.subject} ${message.eventId} is parked after ${tries} tries: ${reasonOf(error)}`);
    this.options.onMetric?.({ kind: 'parked', consumer: this.name, count: 1 });
  }

  private asParked({ subject, data, messageId, streamSeq }: Pulled): ParkedMessage {
    const eventId = messageId ?? `${this.consumer.stream}:${streamSeq}`;
    return { eventId, subject, payload: new TextDecoder().decode(data) };
  }
}

/** The database is away, or we are to go: nothing is wrong with the message. It comes again. */
function stopIf(lost: AbortSignal, error: unknown): void {
  if (lost.aborted || isTransient(error)) throw error;
}

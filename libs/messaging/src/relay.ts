import { jetstream, jetstreamManager, type JetStreamManager, type PubAck } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { ServiceName } from '#contracts/rpc';
import { runExclusively } from './exclusive.js';
import { reasonOf } from './faults.js';
import { linkOf } from './link.js';
import type { OnMetric } from './metrics.js';
import { Bell } from './pause.js';
import { pruneOutbox, refillFrom } from './refill.js';
import { expectStream, streamsOf, type StreamSpec } from './streams.js';
import { traced } from './tracing.js';

export interface RelayOptions {
  service: ServiceName;
  nc: NatsConnection;
  dataSource: DataSource;
  replicas?: number;
  /** How long published events are kept, ms. */
  retention?: number;
  /** How often to look without being woken, ms. */
  poll?: number;
  /** How often to see that the stream still holds what was published, ms. A new connection is seen to at once. */
  verify?: number;
  onMetric?: OnMetric;
}

interface OutboxRow {
  id: string;
  subject: string;
  payload: { traceparent?: string };
}

const BATCH = 256;
const DAY = 24 * 3_600_000;
const PRUNE_EVERY = 3_600_000;

/**
 * Carries events from the outbox to the stream, in order, each at least once and known by its id. One replica does it at
 * a time. It takes rows that are not published, never those after the last: a transaction that took its number earlier
 * may commit later.
 */
export class Relay {
  private readonly logger = new Logger(Relay.name);
  private readonly stopping = new AbortController();
  private readonly bell = new Bell();
  private readonly stream: StreamSpec;
  private running?: Promise<void>;

  constructor(private readonly options: RelayOptions) {
    const [events] = streamsOf(options.service, options.replicas);
    if (!events) throw new Error(`${options.service} has no events`);
    this.stream = events;
  }

  start(): void {
    const { dataSource, service } = this.options;
    const exclusive = { dataSource, lock: `relay ${service}`, signal: this.stopping.signal, logger: this.logger };
    this.running ??= runExclusively(exclusive, (runner, lost) => this.run(runner, lost));
  }

  /** Finishes the batch in hand. What is left is published by another replica, or after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** What waits to be published: how many, and since when the oldest waits, in seconds. */
  async backlog(): Promise<{ depth: number; oldestAge: number }> {
    const [row] = await this.options.dataSource.query<{ depth: number; age: number | null }[]>(
      `SELECT count(*)::int AS depth, extract(epoch FROM app.now() - min(created_at))::float8 AS age
       FROM outbox WHERE published_at IS NULL`,
    );
    return { depth: row?.depth ?? 0, oldestAge: row?.age ?? 0 };
  }

  private async run(runner: QueryRunner, lost: AbortSignal): Promise<void> {
    const { nc, poll = 1_000, verify = 10_000 } = this.options;
    const link = linkOf(nc);
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    await this.listen(runner);

    let seenLosses = -1;
    let verifiedAt = -Infinity;
    let prunedAt = -Infinity;
    while (!lost.aborted) {
      if (!(await link.whenUp(poll))) continue;
      if (link.losses !== seenLosses || performance.now() - verifiedAt > verify) {
        const losses = link.losses;
        await this.verifyStream(jsm, runner);
        seenLosses = losses;
        verifiedAt = performance.now();
      }
      if (performance.now() - prunedAt > PRUNE_EVERY) {
        await pruneOutbox(runner, this.options.retention ?? 7 * DAY);
        prunedAt = performance.now();
      }
      const taken = await this.publishSome(runner);
      if (taken < BATCH && !lost.aborted) await this.bell.wait(poll, lost);
    }
  }

  private async listen(runner: QueryRunner): Promise<void> {
    const client = (await runner.connect()) as PoolClient;
    const [row] = (await runner.query(`SELECT current_schema() AS schema`)) as { schema: string }[];
    client.removeAllListeners('notification');
    client.on('notification', () => this.bell.ring());
    await runner.query(`LISTEN "outbox_${row?.schema}"`);
  }

  /** Publishes the next rows and marks those that the stream has for certain. Gives how many there were. */
  private async publishSome(runner: QueryRunner): Promise<number> {
    const rows = (await runner.query(
      `SELECT id, subject, payload FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT ${BATCH}`,
    )) as OutboxRow[];
    if (rows.length === 0) return 0;

    // All on their way at once: one connection keeps their order.
    const js = jetstream(this.options.nc);
    const sent = rows.map(({ id, subject, payload }) =>
      traced(`publish ${subject}`, { kind: SpanKind.PRODUCER, parent: payload.traceparent }, () =>
        js.publish(subject, JSON.stringify(payload), { msgID: id, expect: { streamName: this.stream.name } }),
      ),
    );
    const acks = await linkOf(this.options.nc).unlessLost(Promise.allSettled(sent));
    const failed = acks.findIndex((ack) => ack.status === 'rejected');
    const certain = failed < 0 ? rows : rows.slice(0, failed);
    const seqs = certain.map((_, index) => (acks[index] as PromiseFulfilledResult<PubAck>).value.seq);
    await this.mark(runner, certain, seqs);
    // What stood behind the first failure is sent again, and the stream knows it by its id.
    if (failed >= 0) {
      const reason: unknown = (acks[failed] as PromiseRejectedResult).reason;
      throw new Error(`${rows[failed]?.subject} could not be published: ${reasonOf(reason)}`);
    }
    return rows.length;
  }

  private async mark(runner: QueryRunner, rows: OutboxRow[], seqs: number[]): Promise<void> {
    if (rows.length === 0) return;
    await runner.query(
      `UPDATE outbox SET published_at = app.now(), published_seq = ack.seq
       FROM unnest($1::uuid[], $2::bigint[]) AS ack (id, seq) WHERE outbox.id = ack.id`,
      [rows.map(({ id }) => id), seqs],
    );
    this.options.onMetric?.({ kind: 'published', count: rows.length });
  }

  private async verifyStream(jsm: JetStreamManager, runner: QueryRunner): Promise<void> {
    const info = await expectStream(jsm, this.stream);
    const count = await refillFrom(runner, info);
    if (count === 0) return;
    this.logger.warn(`${this.stream.name} has lost ${count} events that the outbox still has; publishing them again`);
    this.options.onMetric?.({ kind: 'refilled', stream: this.stream.name, count });
  }
}

import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ServiceName } from '#contracts/rpc';
import { ensureConsumer, type ConsumerSpec } from './consumer.js';
import { reasonOf } from './faults.js';
import { InHand } from './in-hand.js';
import { linkOf } from './link.js';
import type { OnMetric } from './metrics.js';
import { park, parkedCount, replay, type Replayed } from './parked.js';
import { pause } from './pause.js';
import { assertMayConsume, inboxPrefix, jobStream, producerOf } from './permissions.js';
import { confirmAck, extendLease, giveBack, pull, type Pulled } from './pull.js';
import { workerName, type WorkerOptions, type Works } from './work-queue.js';

export interface WorkerRunnerOptions {
  service: ServiceName;
  nc: NatsConnection;
  dataSource: DataSource;
  onMetric?: OnMetric;
  /** How long to wait for a job, ms. */
  expires?: number;
  /** How long to wait before the next try, ms, after so many. */
  retryDelay?: (tries: number) => number;
  /** How long `stop` waits for the jobs in hand, ms; then their signal comes. */
  drainMs?: number;
}

const AFTER_FAULT = 1_000;
const growing = (tries: number) => Math.min(1_000 * 4 ** tries, 300_000);

/** Takes jobs of one kind off the queue, several at a time, beside its twins in other replicas. */
export class WorkerRunner {
  readonly name: string;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private readonly overdue = new AbortController();
  private readonly slots = new InHand();
  private readonly consumer: ConsumerSpec;

  constructor(
    private readonly worker: Works,
    private readonly settings: WorkerOptions,
    private readonly options: WorkerRunnerOptions,
  ) {
    const { job, lease } = settings;
    this.name = workerName(job);
    this.logger = new Logger(`Worker ${this.name}`);
    const stream = jobStream(producerOf(job.subject));
    assertMayConsume(options.service, { stream, name: this.name });
    this.consumer = { stream, name: this.name, ack: AckPolicy.Explicit, ackWait: lease, filter: job.subject };
  }

  start(): void {
    for (let slot = 0; slot < this.settings.concurrency; slot++) this.slots.add(this.takeTurns());
  }

  /** Takes no more jobs and finishes those in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if ((await this.slots.finish(this.options.drainMs ?? 8_000)) === 0) return;
    this.overdue.abort();
    await this.slots.finish(1_000);
  }

  /** Jobs that wait or are in hand, here or elsewhere; null while NATS can't be asked. */
  async status(): Promise<{ name: string; waiting: number | null; parked: number }> {
    const jsm = await jetstreamManager(this.options.nc, { checkAPI: false, timeout: 1_000 });
    const info = await jsm.consumers.info(this.consumer.stream, this.name).catch(() => undefined);
    const waiting = info ? info.num_pending + info.num_ack_pending : null;
    return { name: this.name, waiting, parked: await parkedCount(this.options.dataSource, this.name) };
  }

  /** Puts the parked jobs on the queue again. */
  replayParked(): Promise<Replayed> {
    return replay(this.options.dataSource, this.name, async (_tx, { id, eventId, subject, payload }) => {
      // With a number of its own: the stream remembers the old id.
      await jetstream(this.options.nc).publish(subject, payload, { msgID: `${eventId} replay ${id}` });
    });
  }

  private async takeTurns(): Promise<void> {
    const { nc, service, expires = 5_000 } = this.options;
    const link = linkOf(nc);
    const request = { ...this.consumer, consumer: this.name, batch: 1, expires, inboxPrefix: inboxPrefix(service) };
    let ready: AbortSignal | undefined;
    while (!this.stopping.signal.aborted) {
      try {
        if (!(await link.whenUp(expires))) continue;
        const { intact } = link;
        if (ready !== intact) await ensureConsumer(await jetstreamManager(nc, { checkAPI: false }), this.consumer);
        ready = intact;
        const [message] = await pull(nc, { ...request, signal: AbortSignal.any([this.stopping.signal, intact]) });
        if (message) await this.deal(message);
      } catch (error) {
        ready = undefined;
        if (this.stopping.signal.aborted) return;
        this.logger.warn(`${reasonOf(error)}; starting again`);
        await pause(AFTER_FAULT, this.stopping.signal);
      }
    }
  }

  private async deal(message: Pulled): Promise<void> {
    const { nc, onMetric } = this.options;
    const started = performance.now();
    let outcome: 'ok' | 'failed' | 'parked' = 'ok';
    try {
      // More deliveries than tries: it has taken processes with it.
      if (message.deliveries > this.settings.tries) throw new Error('given up: whoever took it died');
      await this.workUnderLease(message);
      await confirmAck(nc, message);
    } catch (error) {
      this.logger.error(`${message.messageId ?? message.subject}, try ${message.deliveries}: ${reasonOf(error)}`);
      outcome = await this.putBack(message, error);
    }
    onMetric?.({ kind: 'worked', consumer: this.name, ms: performance.now() - started, outcome });
  }

  private async workUnderLease(message: Pulled): Promise<void> {
    const { job, lease } = this.settings;
    const lost = new AbortController();
    let extended = performance.now();
    const beat = setInterval(() => {
      if (linkOf(this.options.nc).up) {
        extendLease(this.options.nc, message);
        extended = performance.now();
        // Away for too long: another one has the job by now.
      } else if (performance.now() - extended > lease) lost.abort();
    }, lease / 3);
    try {
      const data = job.data.parse(JSON.parse(new TextDecoder().decode(message.data))) as never;
      const signal = AbortSignal.any([this.overdue.signal, lost.signal]);
      await this.worker.work(data, { signal, id: idOf(message) });
    } finally {
      clearInterval(beat);
    }
  }

  private async putBack(message: Pulled, error: unknown): Promise<'failed' | 'parked'> {
    const { nc, dataSource, onMetric, retryDelay = growing } = this.options;
    if (message.deliveries < this.settings.tries) {
      giveBack(nc, message, retryDelay(message.deliveries));
      return 'failed';
    }
    const payload = new TextDecoder().decode(message.data);
    const parked = { eventId: idOf(message), subject: message.subject, payload };
    await dataSource.transaction((tx) => park(tx, this.name, parked, { error, tries: message.deliveries }));
    await confirmAck(nc, message);
    onMetric?.({ kind: 'parked', consumer: this.name, count: 1 });
    return 'parked';
  }
}

const idOf = ({ messageId, streamSeq }: Pulled) => messageId ?? `job:${streamSeq}`;

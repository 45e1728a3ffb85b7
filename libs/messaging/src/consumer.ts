import {
  DeliverPolicy,
  JetStreamApiError,
  jetstreamManager,
  type AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { pause } from './pause.js';
import type { Pulled } from './pull.js';
import { assertSame, differences, isMissing } from './streams.js';

export interface ConsumerSpec {
  stream: string;
  /** Name of the durable consumer. */
  name: string;
  /** `all`: an acknowledgement holds for everything before it. Work queues take `explicit` only. */
  ack: AckPolicy;
  /** After so long without an acknowledgement it is delivered again, ms. */
  ackWait: number;
  filter?: string;
}

const settings = ({ name, ack, ackWait, filter }: ConsumerSpec) => ({
  durable_name: name,
  name,
  ack_policy: ack,
  ack_wait: nanos(ackWait),
  max_deliver: -1,
  max_ack_pending: 1_000,
  ...(filter === undefined ? {} : { filter_subject: filter }),
});

/** The server could not make a consumer. It may still be clearing away the files of the one of that name before. */
const NOT_MADE = 10_012;
const TRIES = 20;

/** Errors: what the server says; `NOT_MADE` only if it says so for a second. */
export async function addConsumer(
  jsm: JetStreamManager,
  stream: string,
  config: Partial<ConsumerConfig>,
): Promise<ConsumerInfo> {
  for (let tries = 1; ; tries++) {
    try {
      return await jsm.consumers.add(stream, config);
    } catch (error) {
      if (tries === TRIES || !(error instanceof JetStreamApiError && error.code === NOT_MADE)) throw error;
      await pause(50);
    }
  }
}

/**
 * Creates the durable consumer, or brings it in line, and reads it back. A new one starts with the oldest message:
 * what was dealt with before is known by its id.
 * Errors: no such stream; a difference that the server doesn't let us mend, each field named.
 */
export async function ensureConsumer(jsm: JetStreamManager, spec: ConsumerSpec): Promise<ConsumerInfo> {
  const wanted = settings(spec);
  let info = await jsm.consumers.info(spec.stream, spec.name).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  info ??= await addConsumer(jsm, spec.stream, { ...wanted, deliver_policy: DeliverPolicy.All });
  if (differences(wanted, info.config).length === 0) return info;

  const refusal = await jsm.consumers.update(spec.stream, spec.name, wanted).then(
    () => undefined,
    (error: Error) => error.message,
  );
  info = await jsm.consumers.info(spec.stream, spec.name);
  assertSame(`Consumer ${spec.stream}/${spec.name}`, wanted, info.config, refusal);
  return info;
}

/** Something was delivered to somebody who is gone: what comes next would be out of order. */
export class OutOfStep extends Error {}

/**
 * Sees to it that a consumer's messages come in the order of the stream, without a gap, whoever pulled before. When a
 * puller dies, or its connection, what it had been given would come again only after a while and behind newer ones.
 */
export class Cursor {
  private constructor(
    private nextDelivery: number,
    private lastSeq: number,
    /** Which stream of that name it is, and the oldest message that it still holds. */
    readonly stream: { created: string; firstSeq: number },
  ) {}

  /** Begins right behind the last acknowledged message. */
  static async open(nc: NatsConnection, spec: ConsumerSpec): Promise<Cursor> {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    let info = await ensureConsumer(jsm, spec);
    const lastSeq = info.ack_floor.stream_seq;
    if (info.num_ack_pending > 0) info = await rewind(jsm, spec, lastSeq + 1);
    const { created, state } = await jsm.streams.info(spec.stream);
    return new Cursor(info.delivered.consumer_seq + 1, lastSeq, { created, firstSeq: state.first_seq });
  }

  /** Errors: OutOfStep; open a new cursor then. */
  check(batch: readonly Pulled[]): void {
    for (const { deliverySeq, streamSeq } of batch) {
      if (deliverySeq !== this.nextDelivery || streamSeq <= this.lastSeq) {
        throw new OutOfStep(`delivery ${deliverySeq} came, ${this.nextDelivery} was due`);
      }
      this.nextDelivery++;
      this.lastSeq = streamSeq;
    }
  }
}

/** The server can't take deliveries back before its 2.14; a consumer made anew has none. */
async function rewind(jsm: JetStreamManager, spec: ConsumerSpec, from: number): Promise<ConsumerInfo> {
  await jsm.consumers.delete(spec.stream, spec.name);
  const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from };
  return addConsumer(jsm, spec.stream, { ...settings(spec), ...start });
}

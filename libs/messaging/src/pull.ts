import { createInbox, nanos, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { linkOf } from './link.js';

/** A message pulled from a consumer, with its place in the stream and in the consumer's deliveries. */
export interface Pulled {
  subject: string;
  data: Uint8Array;
  messageId?: string;
  streamSeq: number;
  /** Grows by one with every delivery of this consumer, to whomever. */
  deliverySeq: number;
  /** 1 for the first time that this message is delivered. */
  deliveries: number;
  /** Where its acknowledgement goes. */
  reply: string;
}

export interface PullOptions {
  stream: string;
  consumer: string;
  /** At most so many. */
  batch: number;
  /** How long to wait for the first one, ms. */
  expires: number;
  inboxPrefix: string;
  signal: AbortSignal;
}

/** How much longer than `expires` we wait for the server to say that there is nothing, ms. */
const GRACE = 2_000;

/**
 * Waits for a message and takes what else is there already. Empty: nothing came. The client's own `fetch` waits until
 * the batch is full or the time is over, which is either slow or wasteful.
 */
export async function pull(nc: NatsConnection, options: PullOptions): Promise<Pulled[]> {
  const there = await ask(nc, options, { batch: options.batch, no_wait: true });
  if (there.length > 0) return there;
  const first = await ask(nc, options, { batch: 1, expires: nanos(options.expires) });
  if (first.length === 0 || options.batch === 1) return first;
  return [...first, ...(await ask(nc, options, { batch: options.batch - 1, no_wait: true }))];
}

interface Demand {
  batch: number;
  no_wait?: true;
  expires?: number;
}

function ask(nc: NatsConnection, options: PullOptions, demand: Demand): Promise<Pulled[]> {
  const { stream, consumer, signal } = options;
  const wait = demand.no_wait ? 0 : options.expires;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve([]);
    const taken: Pulled[] = [];
    const end = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!nc.isClosed()) subscription.unsubscribe();
      if (error) reject(error);
      else resolve(taken);
    };
    const onAbort = () => end();
    const subscription = nc.subscribe(createInbox(options.inboxPrefix), {
      callback: (error, msg) => {
        if (error) return end(error);
        const status = msg.headers?.code ?? 0;
        if (status === 0) {
          taken.push(read(msg));
          if (taken.length === demand.batch) end();
          // 404 and 408: nothing there, or no more of it.
        } else if (status === 404 || status === 408) end();
        else if (status !== 100) end(new Error(`${stream}/${consumer}: ${status} ${msg.headers?.description ?? ''}`));
      },
    });
    const timer = setTimeout(() => end(new Error(`${stream}/${consumer}: the server is silent`)), wait + GRACE);
    signal.addEventListener('abort', onAbort);
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(demand), {
      reply: subscription.getSubject(),
    });
  });
}

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<delivery seq>.<time>.<pending>`; the newer form has domain and
 * account before the stream, and a random token at the end.
 */
function read(msg: Msg): Pulled {
  const reply = msg.reply ?? '';
  const parts = reply.split('.');
  const [deliveries, streamSeq, deliverySeq] = parts.slice(parts.length > 9 ? 6 : 4).map(Number);
  if (!reply.startsWith('$JS.ACK.') || !deliveries || !streamSeq || !deliverySeq) {
    throw new Error(`Not a message of a stream: ${reply}`);
  }
  const messageId = msg.headers?.get('Nats-Msg-Id') || undefined;
  return { subject: msg.subject, data: msg.data, messageId, streamSeq, deliverySeq, deliveries, reply };
}

const ACK_TIMEOUT = 5_000;

/** Acknowledges, and waits until the server has noted it. */
export async function confirmAck(nc: NatsConnection, { reply }: Pick<Pulled, 'reply'>): Promise<void> {
  await linkOf(nc).unlessLost(nc.request(reply, '+ACK', { timeout: ACK_TIMEOUT }));
}

/** Gives it back, to be delivered again after `delay` ms. */
export function giveBack(nc: NatsConnection, { reply }: Pick<Pulled, 'reply'>, delay: number): void {
  nc.publish(reply, `-NAK ${JSON.stringify({ delay: nanos(delay) })}`);
}

/** Tells that the work goes on: the lease begins anew. */
export function extendLease(nc: NatsConnection, { reply }: Pick<Pulled, 'reply'>): void {
  nc.publish(reply, '+WPI');
}

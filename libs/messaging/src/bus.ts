import {
  ClosedConnectionError,
  DrainingConnectionError,
  Empty,
  InvalidArgumentError,
  RequestError,
  TimeoutError,
  type Msg,
  type NatsConnection,
} from '@nats-io/transport-node';
import { SpanKind } from '@opentelemetry/api';
import type { z } from 'zod';
import { HEADER } from '#contracts/context';
import { AppError, ErrorBody } from '#contracts/errors';
import type { Rpc } from '#contracts/rpc';
import { writeCall, type OutgoingCall } from './calls.js';
import { wallClock } from './clock.js';
import { parseBytes } from './json.js';
import { linkOf } from './link.js';
import type { OnMetric } from './metrics.js';
import { pause } from './pause.js';
import { traced, traceparentOf } from './tracing.js';

export type { OutgoingCall } from './calls.js';

/** An answer as it came: JSON bytes, and the aggregate's version if it has one. */
export interface RawReply {
  body: Uint8Array;
  version?: string;
}

export interface BusOptions {
  /** What every request carries that goes out from here, unless it says otherwise: trace and request id. */
  ambient?: () => OutgoingCall;
  onMetric?: OnMetric;
}

/**
 * Asks another service. Nothing is ever done twice: whoever may repeat a request knows its idempotency key.
 *
 * Errors: the other side's AppError; `unavailable/no-responders` at once when nobody answers there (unless NATS
 * has only just come back, and the other side may follow); `unavailable/bus-down`
 * while there is no connection; `timeout/timed-out`; `too-large/request-too-large`; `internal/malformed-reply`.
 */
export class Bus {
  constructor(
    private readonly nc: NatsConnection,
    private readonly options: BusOptions = {},
  ) {}

  async request<I extends z.ZodType, O extends z.ZodType>(
    rpc: Rpc<I, O>,
    input: z.input<I>,
    call: OutgoingCall = {},
  ): Promise<z.output<O>> {
    const { body } = await this.requestRaw(rpc, input, call);
    const output = rpc.output.safeParse(fromJson(body));
    if (!output.success) throw new AppError('internal', 'malformed-reply', { subject: rpc.subject });
    return output.data;
  }

  /** The same, with the answer's bytes untouched. Only that they are JSON is not looked at either. */
  async requestRaw<I extends z.ZodType>(rpc: Rpc<I>, input: z.input<I>, call: OutgoingCall = {}): Promise<RawReply> {
    const started = performance.now();
    let outcome = 'ok';
    try {
      const whole = { ...this.options.ambient?.(), ...defined(call) };
      return await traced(rpc.subject, { kind: SpanKind.CLIENT, parent: whole.traceparent }, async (span) =>
        readReply(await this.send(rpc, input, { ...whole, traceparent: traceparentOf(span) ?? whole.traceparent })),
      );
    } catch (error) {
      const fault = asAppError(error);
      outcome = fault.kind;
      throw fault;
    } finally {
      this.options.onMetric?.({ kind: 'requested', subject: rpc.subject, ms: performance.now() - started, outcome });
    }
  }

  private async send(rpc: Rpc, input: unknown, call: OutgoingCall): Promise<Msg> {
    const now = wallClock();
    const deadline = Math.min(now + rpc.timeout, call.deadline ?? Infinity);
    // The client throws away what is sent while it reconnects: wait for the connection, then send.
    if (!(await linkOf(this.nc).whenUp(deadline - now))) throw new AppError('unavailable', 'bus-down');

    const body = input === undefined ? Empty : JSON.stringify(input);
    for (;;) {
      const timeout = deadline - wallClock();
      if (timeout < 1) throw new AppError('timeout', 'timed-out');
      try {
        return await this.nc.request(rpc.subject, body, { timeout, headers: writeCall(call, deadline) });
      } catch (error) {
        // The others may not be back yet. Nobody has received it, so that it isn't asked twice.
        if (!isUnheard(error) || !linkOf(this.nc).isFresh || timeout < UNHEARD_PAUSE) throw error;
        await pause(UNHEARD_PAUSE);
      }
    }
  }
}

/** Before it is asked again whether somebody listens, ms. */
const UNHEARD_PAUSE = 100;

const isUnheard = (error: unknown): boolean => error instanceof RequestError && error.isNoResponders();

function readReply(reply: Msg): RawReply {
  if (reply.headers?.has(HEADER.error)) {
    const error = ErrorBody.safeParse(fromJson(reply.data));
    if (!error.success) throw new AppError('internal', 'malformed-reply');
    throw AppError.from(error.data);
  }
  return { body: reply.data, version: reply.headers?.get(HEADER.version) || undefined };
}

/** The bytes as JSON; undefined, which no reply can be, if they are not. */
function fromJson(body: Uint8Array): unknown {
  try {
    return parseBytes(body);
  } catch {
    return undefined;
  }
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TimeoutError) return new AppError('timeout', 'timed-out');
  if (isUnheard(error)) return new AppError('unavailable', 'no-responders');
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) {
    return new AppError('unavailable', 'bus-down');
  }
  if (error instanceof InvalidArgumentError && error.message.includes('max_payload')) {
    return new AppError('too-large', 'request-too-large');
  }
  return Object.assign(new AppError('unavailable', 'bus-failed'), { cause: error });
}

const defined = (call: OutgoingCall): OutgoingCall =>
  Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined));

import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { SpanKind } from '@opentelemetry/api';
import { isObservable, lastValueFrom } from 'rxjs';
import { HEADER, type Actor } from '#contracts/context';
import { AppError, parseOrThrow } from '#contracts/errors';
import type { Rpc, ServiceName } from '#contracts/rpc';
import { isAsked, readCall, type AnonymousCall, type Call } from './calls.js';
import { wallClock } from './clock.js';
import { databaseFault, reasonOf } from './faults.js';
import { InHand } from './in-hand.js';
import { parseBytes } from './json.js';
import type { OnMetric } from './metrics.js';
import { assertKeepsContract } from './reply-check.js';
import { traced } from './tracing.js';

/** Gives the actor of an access token, as of when longer work began, or throws `unauthenticated/…`. */
export type VerifyToken = (token: string, begun?: number) => Promise<Actor>;

export interface BusServerOptions {
  nc: NatsConnection;
  /** Also the name of the queue group: each request reaches one replica. */
  service: ServiceName;
  verifyToken: VerifyToken;
  /** For tests: an answer that its contract doesn't allow becomes an error. */
  checkReplies?: boolean;
  /** Runs around every handler, with the call at hand: log context, trace, metrics. */
  around?: <T>(call: AnonymousCall | Call, work: () => Promise<T>) => Promise<T>;
  onMetric?: OnMetric;
  /** How long `close` waits for the handlers in hand, ms. */
  drainMs?: number;
}

/**
 * Nest's transport for requests on the bus: plain JSON in and out, parsed by the contract, with the errors of
 * `libs/contracts/errors` and nothing else going out. The connection belongs to whoever made it.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  protected override readonly logger = new Logger(BusServer.name);
  private readonly inHand = new InHand();
  private subscriptions: Subscription[] = [];

  constructor(private readonly options: BusServerOptions) {
    super();
  }

  /** Calls back with an error if a handler has no contract, or if NATS refuses one of the subjects. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const refused: Error[] = [];
      for (const [pattern, handler] of this.messageHandlers) {
        this.subscribe(pattern, handler, (error) => refused.push(error));
      }
      // The server answers in order: after this it has taken every subscription, or refused it.
      await this.options.nc.flush();
      if (refused[0]) throw refused[0];
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no more requests and finishes those in hand. */
  async close(): Promise<void> {
    const taken = this.subscriptions.splice(0);
    const drained = Promise.allSettled(taken.map((subscription) => subscription.drain()));
    const left = await this.inHand.finish(this.options.drainMs ?? 8_000, drained);
    if (left > 0) this.logger.warn(`${left} requests were still in hand at the end`);
  }

  on(): void {
    throw new Error('The connection tells of its own events');
  }

  unwrap<T>(): T {
    return this.options.nc as T;
  }

  private subscribe(pattern: string, handler: MessageHandler, refuse: (error: Error) => void): void {
    const rpc = (handler.extras as { rpc?: Rpc } | undefined)?.rpc;
    if (!rpc) throw new Error(`The handler of ${pattern} has no contract: declare it with @Handles`);
    const callback = (error: Error | null, msg: Msg) => {
      if (error) refuse(error);
      else if (!isAsked(msg)) this.logger.warn(`${rpc.subject}: dropped what ${msg.reply || 'nobody'} would be told`);
      else this.inHand.add(this.answer(rpc, handler, msg));
    };
    this.subscriptions.push(this.options.nc.subscribe(rpc.subject, { queue: this.options.service, callback }));
  }

  private async answer(rpc: Rpc, handler: MessageHandler, msg: Msg): Promise<void> {
    const started = performance.now();
    let outcome = 'ok';
    try {
      this.reply(msg, await this.handle(rpc, handler, msg));
    } catch (error) {
      // What the handler threw is in the log already, among the lines of its request.
      const fault = error instanceof AppError ? error : this.asAppError(error, msg.subject);
      outcome = fault.kind;
      this.replyError(msg, fault);
    }
    this.options.onMetric?.({ kind: 'handled', subject: rpc.subject, ms: performance.now() - started, outcome });
  }

  private async handle(rpc: Rpc, handler: MessageHandler, msg: Msg): Promise<unknown> {
    const { token, begun, ...call } = readCall(msg);
    // Nobody waits any more: don't begin.
    if (call.deadline !== undefined && call.deadline <= wallClock()) throw new AppError('timeout', 'timed-out');
    const known = rpc.anonymous ? call : await this.withActor(call, token, begun);
    const input = parseOrThrow(rpc.input, fromJson(msg.data));

    const work = async (): Promise<unknown> => {
      try {
        const answered: unknown = await handler(input, known);
        const result = isObservable(answered) ? await lastValueFrom(answered, { defaultValue: null }) : answered;
        if (this.options.checkReplies) assertKeepsContract(rpc, result);
        return result;
      } catch (error) {
        throw this.asAppError(error, msg.subject);
      }
    };
    const { around } = this.options;
    const parent = call.traceparent;
    return traced(rpc.subject, { kind: SpanKind.SERVER, parent }, () => (around ? around(known, work) : work()));
  }

  private async withActor(call: AnonymousCall, token?: string, begun?: number): Promise<Call> {
    if (token === undefined) throw new AppError('unauthenticated', 'token-missing');
    return { ...call, token, actor: await this.options.verifyToken(token, begun) };
  }

  private reply(msg: Msg, result: unknown): void {
    const reply = headers();
    const version = (result as { version?: unknown } | null | undefined)?.version;
    if (typeof version === 'number') reply.set(HEADER.version, String(version));
    const body = JSON.stringify(result ?? null);
    if (!this.fits(body)) throw new AppError('too-large', 'reply-too-large');
    msg.respond(body, { headers: reply });
  }

  private replyError(msg: Msg, fault: AppError): void {
    const reply = headers();
    reply.set(HEADER.error, fault.kind);
    const body = JSON.stringify(fault.toBody());
    try {
      // An error that tells more than a message holds is told without its details.
      msg.respond(this.fits(body) ? body : JSON.stringify({ ...fault.toBody(), details: {} }), { headers: reply });
    } catch (error) {
      // The connection is closed: the caller's own time-out answers him.
      this.logger.warn(`An answer on ${msg.subject} could not be sent: ${String(error)}`);
    }
  }

  private fits(body: string): boolean {
    const limit = this.options.nc.info?.max_payload;
    return limit === undefined || Buffer.byteLength(body) + HEADER_ROOM <= limit;
  }

  private asAppError(error: unknown, subject: string): AppError {
    if (error instanceof AppError && error.kind !== 'internal') return error;
    const away = databaseFault(error);
    if (away) {
      this.logger.warn({ message: reasonOf(error), subject });
      return away;
    }
    this.logger.error({ message: `${subject} failed`, subject, err: error });
    return error instanceof AppError ? error : new AppError('internal', 'internal');
  }
}

const HEADER_ROOM = 1_024;

function fromJson(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return parseBytes(body);
  } catch {
    throw new AppError('invalid', 'malformed-json');
  }
}

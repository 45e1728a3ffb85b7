import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import { resolveScope } from '#contracts/access';
import { sessionsRevoked } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { EventEnvelope } from '#contracts/event';
import { checkSessions, findOwners, findTurned } from '#contracts/live';
import { wallClock } from '#messaging/clock';
import { Bus } from '#messaging/bus';
import { NATS } from '#messaging/messaging.module';
import { beginSpan } from '#messaging/tracing';
import type { Caller } from '../edge/caller.js';
import { EventStream } from './event-stream.js';
import { Kept } from './kept.js';
import { Lines, type Line, type Watcher } from './lines.js';
import { asSeenBy, sightOf, type Sight } from './sight.rules.js';
import { tidingsOf, type Change, type Tiding, type Upheaval } from './tidings.js';

/** As sessions are judged: once a second. Who can't be judged is told nothing, and his line ends after a while. */
const JUDGED_EVERY_MS = 1_000;
const UNJUDGED_MS = 5_000;
const BEATS = 15;
const ASK_MS = 2_000;
const AGAIN_MS = 250;
/** As many as one question may name, and ask at once. */
const AT_ONCE = 500;
const SESSIONS = 1_000;
const SCOPES = 10;
/** More than are ever on their way: then it is cheaper to tell everybody to ask again. */
const WAITING = 50_000;

/**
 * Tells of changes as they happen, each to those who may see what changed (ADR 10). What reaches this replica is judged
 * in the order in which it came, against what each watcher sees as of now.
 */
@Injectable()
export class Live implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('live');
  private readonly lines = new Lines();
  private readonly kept = new Kept(uuidv7(), wallClock);
  private waiting: Tiding[] = [];
  private telling = false;
  /** While some are still to be told of an upheaval, nobody stands behind it. */
  private upset = false;
  private turnedAt?: string;
  private judgedAt = wallClock();
  private beats = 0;
  private judging = false;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly bus: Bus,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  onModuleInit(): void {
    this.nats.subscribe('evt.>', {
      callback: (error, message) => (error ? this.miss(error) : this.hear(message.subject, message.json())),
    });
    void this.watchConnection();
    this.timer = setInterval(() => void this.judge(), JUDGED_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.lines.end(this.lines.all);
  }

  /** Errors: those of `Lines.admit`; `unavailable/shutting-down`. */
  async open(caller: Caller, lastPlace: string | undefined): Promise<EventStream> {
    const { actor } = caller;
    if (!actor || this.closed) throw new AppError('unavailable', 'shutting-down', { retryAfter: 1 });
    this.lines.admit(actor);
    // What happens while the scope is on its way is told afterwards, as to one who comes back.
    const from = lastPlace ?? this.kept.place;
    const sight = await this.sightFor(caller, caller.deadline);
    const stream = new EventStream(() => (this.upset ? undefined : this.kept.place));
    const line = this.lines.add(actor, caller, sight, stream);
    this.goOn(line, sight, from);
    return stream;
  }

  private goOn({ actor, stream }: Line, sight: Sight, from: string): void {
    const tidings = this.kept.after(from);
    const upset = tidings?.some(
      (one) => 'sightOf' in one && (one.sightOf === 'everybody' || one.sightOf.includes(actor.userId)),
    );
    if (!tidings || upset) return stream.reset();
    for (const one of tidings) {
      const seen = 'sightOf' in one ? undefined : asSeenBy(actor, sight, one);
      if (seen) stream.retell(seen);
    }
    stream.beat();
  }

  // ---------------------------------------------------------------- what is heard

  private hear(subject: string, message: unknown): void {
    const parent = (message as { traceparent?: string } | null)?.traceparent;
    const span = beginSpan(`hear ${subject}`, { kind: SpanKind.CONSUMER, parent });
    try {
      this.endRevoked(message);
      this.tellSoon(tidingsOf(message));
    } catch (error) {
      this.log.error({ message: 'An event is not what its contract says', err: error });
    } finally {
      span.end();
    }
  }

  private tellSoon(tidings: Tiding[]): void {
    if (tidings.length === 0) return;
    this.waiting.push(...tidings);
    if (this.waiting.length > WAITING) return this.miss(new Error('More events than can be told'));
    if (!this.telling) void this.tellWaiting();
  }

  private async tellWaiting(): Promise<void> {
    this.telling = true;
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting.splice(0, AT_ONCE);
        await this.settle(batch.filter((one): one is Change => !('sightOf' in one)));
        for (const one of batch) {
          this.kept.add(one);
          if ('sightOf' in one) await this.upheave(one);
          else this.lines.tell(one);
        }
      }
    } catch (error) {
      this.miss(error);
    } finally {
      this.telling = false;
    }
  }

  /** Whose customers they are, where the events don't tell: one question for many. */
  private async settle(changes: Change[]): Promise<void> {
    const unsettled = changes.filter((one) => one.customerId !== undefined && one.ownerId === undefined);
    const customerIds = [...new Set(unsettled.map(({ customerId }) => customerId ?? ''))];
    if (customerIds.length === 0) return;
    const { customers } = await patiently(() => this.bus.request(findOwners, { customerIds }, inTime()));
    const known = new Map(customers.map((customer) => [customer.id, customer]));
    for (const change of unsettled) {
      const customer = known.get(change.customerId ?? '');
      change.ownerId = customer?.ownerId;
      change.deleted = customer?.deleted ?? true;
    }
  }

  /** What can't be judged is told to nobody, but everybody is told to ask again. */
  private miss(error: unknown): void {
    this.log.warn({ message: 'Events were missed', err: error });
    this.waiting = [];
    this.kept.forget();
    for (const { stream } of this.lines.all) stream.reset();
    void this.lookAgain(this.lines.watching('everybody'));
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === 'reconnect') this.miss(new Error('NATS was away'));
    }
  }

  // ---------------------------------------------------------------- who sees what, and may still

  private async sightFor(caller: Caller, deadline: number): Promise<Sight> {
    const { scope } = await this.bus.request(resolveScope, {}, { ...caller, deadline });
    return sightOf(scope);
  }

  private async upheave({ sightOf: users }: Upheaval): Promise<void> {
    this.upset = true;
    await this.lookAgain(this.lines.watching(users)).finally(() => (this.upset = false));
  }

  private async lookAgain(watchers: Watcher[]): Promise<void> {
    for (let next = 0; next < watchers.length; next += SCOPES) {
      await Promise.all(watchers.slice(next, next + SCOPES).map((watcher) => this.lookAgainFor(watcher)));
    }
  }

  private async lookAgainFor(watcher: Watcher): Promise<void> {
    const [line] = watcher.lines;
    if (!line) return;
    try {
      this.lines.resee(watcher, await this.sightFor(line.caller, wallClock() + ASK_MS));
    } catch {
      // He comes back by himself, and is judged then.
      this.lines.end(watcher.lines);
    }
  }

  private endRevoked(message: unknown): void {
    const { subject, data } = EventEnvelope.parse(message);
    if (subject !== sessionsRevoked.subject) return;
    const { userId, sessionId } = sessionsRevoked.data.parse(data);
    const lines = this.lines.watching([userId]).flatMap((watcher) => [...watcher.lines]);
    this.lines.end(lines.filter(({ actor }) => sessionId === null || actor.sessionId === sessionId));
  }

  private async judge(): Promise<void> {
    if (this.judging) return;
    this.judging = true;
    try {
      this.lines.end(this.lines.all.filter(({ until }) => until <= wallClock()));
      await Promise.all([this.judgeSessions(), this.watchTheClock()]);
      if (++this.beats % BEATS === 0) for (const { stream } of this.lines.all) stream.beat();
    } finally {
      this.judging = false;
    }
  }

  private async judgeSessions(): Promise<void> {
    const lines = this.lines.all;
    try {
      for (let next = 0; next < lines.length; next += SESSIONS) {
        const some = lines.slice(next, next + SESSIONS);
        const sessionIds = [...new Set(some.map(({ actor }) => actor.sessionId))];
        const active = new Set((await this.bus.request(checkSessions, { sessionIds }, inTime())).active);
        this.lines.end(some.filter(({ actor }) => !active.has(actor.sessionId)));
      }
      this.judgedAt = wallClock();
      for (const { stream } of lines) stream.release();
    } catch {
      if (wallClock() - this.judgedAt > UNJUDGED_MS) return this.lines.end(lines);
      for (const { stream } of lines) stream.hold();
    }
  }

  /** Delegations begin and run out without an event: by the clock of the database that judges them. */
  private async watchTheClock(): Promise<void> {
    try {
      const { asOf, delegateIds } = await this.bus.request(findTurned, { since: this.turnedAt }, inTime());
      this.turnedAt = asOf;
      if (delegateIds.length > 0) this.tellSoon([{ sightOf: delegateIds }]);
    } catch {
      // Asked again in a second, from the same moment on.
    }
  }
}

const inTime = () => ({ deadline: wallClock() + ASK_MS });

/** Customers may be away for a moment, and then the question is asked again. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const giveUp = wallClock() + UNJUDGED_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (wallClock() + AGAIN_MS > giveUp) throw error;
      await pause(AGAIN_MS);
    }
  }
}

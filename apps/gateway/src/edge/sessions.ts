import { Inject, Injectable } from '@nestjs/common';
import { checkSession } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { Bus } from '#messaging/bus';

/** Milliseconds that only ever go forward. */
export const STOPWATCH = Symbol('STOPWATCH');
export type Stopwatch = () => number;

/** How long an answer is believed, in ms. */
const REMEMBERED_MS = 1_000;
/** More than are ever in use within a second; beyond it the old ones are thrown out. */
const SWEEP_AT = 20_000;

interface Known {
  userId: string;
  active: Promise<boolean>;
  until: number;
}

/**
 * Whether sessions are alive, as auth sees it: asked again after a second, or as soon as auth says that something
 * happened to them. Requests that come while the question is under way share its answer.
 */
@Injectable()
export class Sessions {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly bus: Bus,
    @Inject(STOPWATCH) private readonly elapsed: Stopwatch,
  ) {}

  /** Errors: `unauthenticated/session-ended`; `unavailable/sessions-unavailable` when auth doesn't answer. */
  async check(actor: Actor, deadline: number): Promise<void> {
    if (!(await this.isActive(actor, deadline))) throw new AppError('unauthenticated', 'session-ended');
  }

  /** Forgets a user's session, or all of them. A question that is under way was asked too early to count. */
  drop(userId: string, sessionId: string | null = null): void {
    if (sessionId !== null) this.known.delete(sessionId);
    else for (const [id, session] of this.known) if (session.userId === userId) this.known.delete(id);
  }

  private isActive({ userId, sessionId }: Actor, deadline: number): Promise<boolean> {
    const now = this.elapsed();
    const known = this.known.get(sessionId);
    if (known && now < known.until) return known.active;

    if (this.known.size >= SWEEP_AT) this.sweep(now);
    // Counted from the question, not from the answer: it may be as old as that.
    const asked: Known = { userId, active: this.ask(sessionId, deadline), until: now + REMEMBERED_MS };
    this.known.set(sessionId, asked);
    asked.active.catch(() => {
      if (this.known.get(sessionId) === asked) this.known.delete(sessionId);
    });
    return asked.active;
  }

  private async ask(sessionId: string, deadline: number): Promise<boolean> {
    try {
      return (await this.bus.request(checkSession, { sessionId }, { deadline })).active;
    } catch (cause) {
      throw Object.assign(new AppError('unavailable', 'sessions-unavailable'), { cause });
    }
  }

  private sweep(now: number): void {
    for (const [id, { until }] of this.known) if (until <= now) this.known.delete(id);
  }
}

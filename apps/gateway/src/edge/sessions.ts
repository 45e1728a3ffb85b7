import { Inject, Injectable } from '@nestjs/common';
import { checkSession } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { Bus } from '#messaging/bus';
import { Remembered, STOPWATCH, type Stopwatch } from './remembered.js';

/**
 * Whether sessions are alive, as auth sees it: asked again after a second, or as soon as auth says that something
 * happened to them.
 */
@Injectable()
export class Sessions {
  private readonly active: Remembered<boolean>;

  constructor(
    private readonly bus: Bus,
    @Inject(STOPWATCH) elapsed: Stopwatch,
  ) {
    this.active = new Remembered(elapsed);
  }

  /** Errors: `unauthenticated/session-ended`; `unavailable/sessions-unavailable` when auth doesn't answer. */
  async check({ userId, sessionId }: Actor, deadline: number): Promise<void> {
    const isActive = await this.active.get(keyOf(userId, sessionId), () => this.ask(sessionId, deadline));
    if (!isActive) throw new AppError('unauthenticated', 'session-ended');
  }

  /** Forgets a user's session, or all of them. */
  drop(userId: string, sessionId: string | null = null): void {
    const concerned = keyOf(userId, sessionId ?? '');
    this.active.drop((key) => (sessionId === null ? key.startsWith(concerned) : key === concerned));
  }

  private async ask(sessionId: string, deadline: number): Promise<boolean> {
    try {
      return (await this.bus.request(checkSession, { sessionId }, { deadline })).active;
    } catch (cause) {
      throw Object.assign(new AppError('unavailable', 'sessions-unavailable'), { cause });
    }
  }
}

/** All ids are of one length: nobody's begins another's. */
const keyOf = (userId: string, sessionId: string) => `${userId} ${sessionId}`;

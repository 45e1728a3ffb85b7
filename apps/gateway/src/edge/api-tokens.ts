import { Inject, Injectable } from '@nestjs/common';
import { exchangeApiToken } from '#contracts/api-tokens';
import { AppError } from '#contracts/errors';
import { Bus } from '#messaging/bus';
import type { Caller } from './caller.js';
import { Remembered, STOPWATCH, type Stopwatch } from './remembered.js';

/**
 * The access tokens that API tokens stand for, as auth gives them: signed, so that every service goes on believing
 * nothing but signatures. Asked for again after a second, or as soon as auth says that something happened to one.
 */
@Injectable()
export class ApiTokens {
  private readonly exchanged: Remembered<string>;

  constructor(
    private readonly bus: Bus,
    @Inject(STOPWATCH) elapsed: Stopwatch,
  ) {
    this.exchanged = new Remembered(elapsed);
  }

  /**
   * Errors: `unauthenticated/invalid-token`; `too-many-requests/too-many-attempts`; `unavailable/sessions-unavailable`
   * when auth doesn't answer.
   */
  exchange(token: string, caller: Caller): Promise<string> {
    return this.exchanged.get(token, () => this.ask(token, caller));
  }

  /** It happens seldom enough to forget them all. */
  drop(): void {
    this.exchanged.drop(() => true);
  }

  private async ask(token: string, { address, deadline }: Caller): Promise<string> {
    try {
      return (await this.bus.request(exchangeApiToken, { token, address }, { deadline })).accessToken;
    } catch (cause) {
      if (cause instanceof AppError && REFUSALS.includes(cause.kind)) throw cause;
      throw Object.assign(new AppError('unavailable', 'sessions-unavailable'), { cause });
    }
  }
}

const REFUSALS = ['unauthenticated', 'too-many-requests'];

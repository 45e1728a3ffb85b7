import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Page } from '#contracts/common';
import { AppError } from '#contracts/errors';
import { wallClock } from '#messaging/clock';
import type { Caller } from '../edge/caller.js';
import { Sessions } from '../edge/sessions.js';

/** As many as one question may ask for. */
export const PAGE = 200;
/** How long a page has, and how long a service that is being started again is waited for, in ms. */
const PAGE_MS = 4_500;
const PATIENCE_MS = 20_000;
const AGAIN_MS = 250;

/** How a list is asked for its next page. */
export type AskPage<T> = (cursor: string | undefined, caller: Caller) => Promise<Page<T>>;

/**
 * Lists of any length, page by page: each is asked for when the one before has been taken, and judged anew. The file goes
 * on when the access token runs out, and ends when the session does.
 */
@Injectable()
export class Pages {
  constructor(private readonly sessions: Sessions) {}

  /**
   * Every row, for an answer that has begun once the first page is there. Errors: the list's;
   * `unauthenticated/session-ended` between two pages.
   */
  async *rows<T>(list: AskPage<T>, caller: Caller): AsyncGenerator<T> {
    yield* this.read(list, caller, Infinity);
  }

  /** Every row, in the time that the caller has for his answer. */
  async *rowsInTime<T>(list: AskPage<T>, caller: Caller): AsyncGenerator<T> {
    yield* this.read(list, caller, caller.deadline);
  }

  private async *read<T>(list: AskPage<T>, caller: Caller, later: number): AsyncGenerator<T> {
    const began = wallClock();
    let cursor: string | undefined;
    do {
      const deadline = cursor === undefined ? caller.deadline : later;
      const page: Page<T> = await patiently(async () => {
        const inTime = { ...caller, begun: began, deadline: Math.min(deadline, wallClock() + PAGE_MS) };
        if (caller.actor) await this.sessions.check(caller.actor, inTime.deadline);
        return list(cursor, inTime);
      }, deadline);
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
}

/** The same rows once the first one is there: whatever is wrong from the start shows before the answer begins. */
export async function begun<T>(rows: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await rows.next();
  return (async function* () {
    try {
      if (!first.done) yield first.value;
      yield* rows;
    } finally {
      await rows.return(undefined);
    }
  })();
}

/** Services are started again now and then; a long file outlasts that. */
async function patiently<T>(ask: () => Promise<T>, deadline: number): Promise<T> {
  const giveUp = Math.min(deadline, wallClock() + PATIENCE_MS);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const away = error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');
      if (!away || wallClock() + AGAIN_MS > giveUp) throw error;
      await pause(AGAIN_MS);
    }
  }
}

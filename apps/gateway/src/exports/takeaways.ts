import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { endTakeaway, recordTakeaway } from '#contracts/log';
import { Bus } from '#messaging/bus';
import { wallClock } from '#messaging/clock';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';

/** How long it may take to note how a file ended, in ms. */
const END_MS = 4_500;

type Takeaway = z.input<typeof recordTakeaway.input>;

/** Notes what leaves the system as a file or on paper. */
@Injectable()
export class Takeaways {
  private readonly log = new Logger('takeaways');

  constructor(
    private readonly backend: Backend,
    private readonly bus: Bus,
  ) {}

  /**
   * The rows of a file, whose entry in the log is written before the first of them leaves: by its end the caller may be
   * signed out or this process gone. How many there were is added then. Errors: those of `recordTakeaway`.
   */
  async noted<T>(rows: AsyncIterable<T>, takeaway: Takeaway, caller: Caller): Promise<AsyncGenerator<T>> {
    const { id } = await this.backend.ask(recordTakeaway, takeaway, caller);
    return this.counted(rows, id);
  }

  private async *counted<T>(rows: AsyncIterable<T>, id: string): AsyncGenerator<T> {
    let rowCount = 0;
    let complete = false;
    try {
      for await (const row of rows) {
        rowCount++;
        yield row;
      }
      complete = true;
    } finally {
      await this.end({ id, rowCount, complete });
    }
  }

  /** The file itself is noted already: it doesn't break off because its length couldn't be. */
  private async end(how: z.input<typeof endTakeaway.input>): Promise<void> {
    try {
      await this.bus.request(endTakeaway, how, { deadline: wallClock() + END_MS });
    } catch (error) {
      this.log.warn(`How takeaway ${how.id} ended is not in the log: ${String(error)}`);
    }
  }
}

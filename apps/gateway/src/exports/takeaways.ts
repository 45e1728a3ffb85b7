import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { recordTakeaway } from '#contracts/log';
import { wallClock } from '#messaging/clock';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';

/** A file may take longer than the caller's answer has: its entry has its own time, in ms. */
const NOTE_MS = 4_500;

type Takeaway = Omit<z.input<typeof recordTakeaway.input>, 'rowCount'>;

/** Notes what leaves the system as a file or on paper. */
@Injectable()
export class Takeaways {
  constructor(private readonly backend: Backend) {}

  /**
   * The rows, and one entry when they have been read: also of those that were read until it broke off. A file whose
   * entry can't be written breaks off, too.
   */
  async *noted<T>(rows: AsyncIterable<T>, takeaway: Takeaway, caller: Caller): AsyncGenerator<T> {
    let rowCount = 0;
    try {
      for await (const row of rows) {
        rowCount++;
        yield row;
      }
    } finally {
      const inTime = { ...caller, deadline: wallClock() + NOTE_MS };
      await this.backend.ask(recordTakeaway, { ...takeaway, rowCount }, inTime);
    }
  }
}

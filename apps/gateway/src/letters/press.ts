import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { DunningNotice } from '#contracts/dunning-notices';
import { AppError } from '#contracts/errors';
import type { Job, Printed } from './letter.worker.js';

/** So many PDFs are made at once; each holds what it uses of the fonts. */
const AT_ONCE = 8;

export const LETTER_THREAD = Symbol('LETTER_THREAD');
export type StartThread = () => Worker;
export const letterThread: StartThread = () => new Worker(new URL('./letter.worker.js', import.meta.url));

/**
 * Makes PDFs in a thread of its own: two hundred letters are seconds of work, in which everybody else would wait.
 * The thread starts with the first letter, and anew after it has died.
 */
@Injectable()
export class Press implements OnModuleDestroy {
  private worker: Worker | undefined;
  private readonly jobs = new Map<number, Readable>();
  private last = 0;

  constructor(@Inject(LETTER_THREAD) private readonly startThread: StartThread) {}

  /** The letters as one PDF, from its first bytes on. Errors: `unavailable/press-busy`. */
  print(notices: DunningNotice[]): Readable {
    if (this.jobs.size >= AT_ONCE) throw new AppError('unavailable', 'press-busy', { retryAfter: 5 });
    const job = (this.last += 1);
    const pdf = new Readable({ read: () => undefined });
    pdf.once('close', () => this.jobs.delete(job));
    this.jobs.set(job, pdf);
    this.worker ??= this.start();
    this.worker.postMessage({ job, notices } satisfies Job);
    return pdf;
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = this.startThread();
    worker.on('message', (printed: Printed) => this.deliver(printed));
    worker.on('error', (error) => this.giveUp(worker, error));
    worker.on('exit', () => this.giveUp(worker, new Error('The press has stopped')));
    // Nobody's exit waits for it.
    worker.unref();
    return worker;
  }

  private deliver(printed: Printed): void {
    const pdf = this.jobs.get(printed.job);
    if (!pdf) return;
    if ('chunk' in printed) pdf.push(printed.chunk);
    else if ('fault' in printed) pdf.destroy(new Error(printed.fault));
    else pdf.push(null);
  }

  private giveUp(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const pdf of this.jobs.values()) pdf.destroy(error);
  }
}

import type { z } from 'zod';
import { sendDigest } from '#contracts/billing';
import { Worker } from '#messaging/work-queue';
import { DigestSender } from './digest.sender.js';

@Worker(sendDigest, { concurrency: 2 })
export class DigestWorker {
  constructor(private readonly sender: DigestSender) {}

  work(job: z.output<typeof sendDigest.data>): Promise<void> {
    return this.sender.send(job);
  }
}

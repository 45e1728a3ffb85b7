import type { z } from 'zod';
import { sweepShard } from '#contracts/billing';
import { Worker } from '#messaging/work-queue';
import { SweepService } from './sweep.service.js';

@Worker(sweepShard, { concurrency: 2 })
export class SweepWorker {
  constructor(private readonly sweeps: SweepService) {}

  work(shard: z.output<typeof sweepShard.data>): Promise<void> {
    return this.sweeps.sweep(shard);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DigestService } from './digest/digest.service.js';
import { SweepService } from './sweep/sweep.service.js';

/** Looks every few seconds whether a day is to be swept or a digest is due; every replica does, and none twice. */
@Injectable()
export class Schedule {
  private readonly logger = new Logger(Schedule.name);

  constructor(
    private readonly sweeps: SweepService,
    private readonly digests: DigestService,
  ) {}

  @Cron('*/10 * * * * *', { waitForCompletion: true })
  async tick(): Promise<void> {
    await this.sweeps.tick().catch((error: Error) => this.logger.error(error, 'sweeps'));
    await this.digests.tick().catch((error: Error) => this.logger.error(error, 'digests'));
  }
}

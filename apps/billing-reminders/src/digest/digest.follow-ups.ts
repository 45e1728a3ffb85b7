import { Injectable, Logger } from '@nestjs/common';
import type { DigestContent, DigestKind } from '#contracts/billing';
import { findDueFollowUps } from '#contracts/follow-ups';
import { Bus } from '#messaging/bus';

/** The most that a digest names; all are counted. */
const MOST = 10;

/** Whom a digest's reader is to speak to again; customers knows. */
@Injectable()
export class DueFollowUps {
  private readonly logger = new Logger(DueFollowUps.name);

  constructor(private readonly bus: Bus) {}

  /** Finance speaks to nobody. `null` where customers gives no answer: the money is told without it, and it says so. */
  async of(userId: string, kind: DigestKind, until: string): Promise<DigestContent['followUps']> {
    if (kind === 'finance') return undefined;
    try {
      return await this.bus.request(findDueFollowUps, { userId, until, limit: MOST });
    } catch (error) {
      this.logger.warn(`No follow-ups in the digest of ${userId}: ${(error as Error).message}`);
      return null;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { SigningKeys } from './key/signing-key.service.js';
import { LoginGuard } from './login-guard/login-guard.service.js';
import { SessionService } from './session/session.service.js';

/** Deletes what has run out: sessions with their tokens, counters, keys. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionService,
    private readonly guard: LoginGuard,
    private readonly keys: SigningKeys,
  ) {}

  /** All replicas come here at the same moment, and one of them does it. Gives whether this one did. */
  @Cron(CronExpression.EVERY_HOUR)
  async purge(): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }[]>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('auth housekeeping', 0)) AS mine`,
      );
      if (!lock?.mine) return false;
      // Nobody waits for it, and after a long pause there may be much to delete.
      await tx.query(`SET LOCAL statement_timeout = '60s'`);
      await this.sessions.purge(tx);
      await this.guard.purge(tx);
      await this.keys.purge(tx);
      return true;
    });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CheckedName } from '#contracts/duplicates';
import { AppError } from '#contracts/errors';
import type { Judged } from '../access/visible.sql.js';
import { DuplicateRepository, type Candidate, type Resemblance } from './duplicate.repository.js';
import { hintsFor } from './keyword.rules.js';
import type { Named } from './names.rules.js';

/** Enough for a form that asks while one types; too few to read out other people's customers. */
export const PROBES_PER_MINUTE = 120;

@Injectable()
export class DuplicateService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly duplicates: DuplicateRepository,
  ) {}

  /** Errors: `too-many-requests/too-many-duplicate-checks`. */
  async check(actor: Judged, candidate: Candidate): Promise<CheckedName> {
    await this.countProbe(actor);
    return this.dataSource.transaction(async (tx) => {
      const report = await this.duplicates.find(tx, actor, candidate);
      const keywordCount = await this.duplicates.countKeyword(tx, candidate.keyword);
      return { ...report, hints: hintsFor(candidate, keywordCount), keywordCount };
    });
  }

  /**
   * Warns of a name that resembles another customer's, unless that is acknowledged. Tells whether there was something
   * to acknowledge. Errors: `conflict/possible-duplicate` with the report.
   */
  async warn(tx: EntityManager, actor: Judged, candidate: Candidate, acknowledged = false): Promise<boolean> {
    await this.duplicates.claim(tx, [candidate]);
    const report = await this.duplicates.find(tx, actor, candidate);
    if (report.total > 0 && !acknowledged) throw new AppError('conflict', 'possible-duplicate', { ...report });
    return report.total > 0;
  }

  /** For each of many customers that are just coming in, one that it resembles; by the customer's id. */
  async resemblances(tx: EntityManager, customers: Named[]): Promise<Map<string, Resemblance>> {
    const candidates = customers.map(({ id, name, keyword }) => ({ customerId: id, name, keyword }));
    const found = await this.duplicates.findAny(tx, candidates);
    return new Map(found.map((resemblance) => [resemblance.customerId, resemblance]));
  }

  /** A warning tells as much as a check does, and counts as one; outside of the transaction that it ended. */
  async countingWarnings<T>(actor: Judged, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.slug === 'possible-duplicate') await this.countProbe(actor);
      throw error;
    }
  }

  async keepNames(tx: EntityManager, customers: Named[]): Promise<void> {
    await this.duplicates.keepNames(tx, customers);
  }

  /** The same for a customer whose contacts have changed. */
  async keepNamesOf(tx: EntityManager, customerId: string): Promise<void> {
    await this.duplicates.keepNames(tx, await this.duplicates.named(tx, customerId));
  }

  private async countProbe(actor: Judged): Promise<void> {
    const retryAfter = await this.duplicates.countProbe(this.dataSource.manager, actor.userId, PROBES_PER_MINUTE);
    if (retryAfter !== undefined) throw new AppError('too-many-requests', 'too-many-duplicate-checks', { retryAfter });
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DelegationSummary } from '#contracts/delegation-summary';
import type { Doer } from '#contracts/event';
import type { ParsedEvent } from '#messaging/projection';
import type { Judged } from '../access/visible.sql.js';
import { changesBetween } from './changes.rules.js';
import { LogRepository, type NewEntry, type WrittenEntry } from './log.repository.js';
import { entriesOf, type Reading } from './readings.js';

export type { NewEntry } from './log.repository.js';

/** A delegation of everything may have touched thousands: the busiest customers are named. */
const SUMMARIZED = 200;

/** What was done, as the system itself writes it down. */
@Injectable()
export class LogService {
  constructor(private readonly log: LogRepository) {}

  /** In the transaction of what it tells of: one isn't without the other. `null`: the system itself did it. */
  async record(tx: EntityManager, by: Doer | null, entries: readonly NewEntry[]): Promise<void> {
    const written = entries.map(({ by: own, ...entry }): WrittenEntry => {
      const { userId: byUserId, forUserId, delegationId } = own ?? by ?? {};
      return { ...entry, byUserId, forUserId, delegationId };
    });
    await this.log.append(tx, written);
  }

  /** What another service tells that it did. */
  async recordTold(tx: EntityManager, readings: readonly Reading[], events: readonly ParsedEvent[]): Promise<void> {
    await this.log.append(tx, entriesOf(readings, events));
  }

  /** What was done under a delegation; the customers are those that the actor sees today. */
  async underDelegation(
    tx: EntityManager,
    actor: Judged,
    delegationId: string,
  ): Promise<Omit<DelegationSummary, 'delegationId'>> {
    const counts = await this.log.countsUnder(tx, delegationId);
    const customers = await this.log.customersUnder(tx, actor, delegationId, SUMMARIZED);
    return { counts, customers, entries: counts.reduce((sum, { count }) => sum + count, 0) };
  }

  /**
   * What was set up for everybody, before and after: without the one it is made, without the other deleted. Nothing is
   * noted where both are the same.
   */
  async recordSetting(
    tx: EntityManager,
    by: Doer | null,
    { resource, id }: { resource: string; id: string },
    { before, after }: { before?: object; after?: object },
  ): Promise<void> {
    const changes = changesBetween(before, after);
    if (changes.length === 0) return;
    const action = !before ? 'created' : !after ? 'deleted' : 'edited';
    await this.record(tx, by, [{ resource, resourceId: id, action, changes }]);
  }
}

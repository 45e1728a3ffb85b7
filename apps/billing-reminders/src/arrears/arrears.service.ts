import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ArrearsRow, ArrearsSummary, countOpen, listArrears, summarizeArrears } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { fold } from '#text/fold';
import { Organisation } from '../organisation/organisation.service.js';
import { ReminderService } from '../reminder/reminder.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { ArrearsRepository } from './arrears.repository.js';

@Injectable()
export class ArrearsService {
  constructor(
    private readonly arrears: ArrearsRepository,
    private readonly reminders: ReminderService,
    private readonly scopes: ScopeService,
    private readonly clock: Clock,
    private readonly organisation: Organisation,
  ) {}

  async list({ userId }: Actor, { scope, limit, cursor, ...filter }: z.output<typeof listArrears.input>) {
    const binding = { actorId: userId, filter };
    const after = decodeCursor(binding, cursor, byDateAndId);
    const { asOf = this.clock.today(), ownerId, bucket, q } = filter;
    const text = q === undefined ? undefined : fold(q);
    const { rows, total, count } = await this.scopes.readOnce(scope, (tx) =>
      this.arrears.page(tx, scope, asOf, { ownerId, bucket, text, after, limit: limit + 1 }),
    );
    return { ...pageOf(rows, limit, binding, (row) => [row.dueOn, row.purchaseId]), total, count };
  }

  async summarize({ scope, asOf = this.clock.today(), groupBy }: z.output<typeof summarizeArrears.input>) {
    return this.scopes.read(scope, (tx) => this.summary(tx, scope, asOf, groupBy));
  }

  /** What a transfer of these customers would hand over. */
  async countOpen({ scope, customerIds }: z.output<typeof countOpen.input>) {
    return this.scopes.read(scope, async (tx) => ({
      openArrears: await this.arrears.sumOfCustomers(tx, scope, this.clock.today(), customerIds),
      openReminders: await this.reminders.countOpen(tx, scope, customerIds),
    }));
  }

  /** For readers that have waited for the scope already. */
  async summary(tx: EntityManager, scope: Scope, asOf: string, groupBy?: 'owner' | 'team'): Promise<ArrearsSummary> {
    return {
      asOf,
      currency: (await this.organisation.settings(tx)).currency,
      ...(await this.arrears.sums(tx, scope, asOf)),
      ...(groupBy === 'owner' && { owners: await this.arrears.sumsByOwner(tx, scope, asOf) }),
      ...(groupBy === 'team' && { teams: await this.arrears.sumsByTeam(tx, scope, asOf) }),
    };
  }

  async all(tx: EntityManager, scope: Scope, asOf: string): Promise<ArrearsRow[]> {
    return this.arrears.all(tx, scope, asOf);
  }
}

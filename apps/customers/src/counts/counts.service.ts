import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { MonthsQuery } from '#contracts/statistics';
import { Clock } from '#platform/clock';
import type { Judged } from '../access/visible.sql.js';
import { CountsRepository, type MonthCount } from './counts.repository.js';
import { monthsOf } from './counts.rules.js';

@Injectable()
export class CountsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly counts: CountsRepository,
    private readonly clock: Clock,
  ) {}

  /** How many customers of the actor's view have each status. */
  async byStatus(tx: EntityManager, actor: Judged): Promise<Map<string, number>> {
    return this.counts.byStatus(tx, actor);
  }

  async tags(actor: Judged): Promise<{ items: { tag: string; count: number }[]; nextCursor: null }> {
    return { items: await this.counts.tags(this.dataSource.manager, actor), nextCursor: null };
  }

  /** Errors: those of `monthsOf`. */
  async newCustomers(actor: Judged, query: z.output<typeof MonthsQuery>): Promise<{ items: MonthCount[] }> {
    const { from, to } = monthsOf(query, this.clock.today());
    const { manager } = this.dataSource;
    const count = { owner: 'byMonthAndOwner', team: 'byMonthAndTeam', none: 'byMonth' } as const;
    return { items: await this.counts[count[query.groupBy ?? 'none']](manager, actor, from, to) };
  }
}

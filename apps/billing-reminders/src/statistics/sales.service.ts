import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { MOST_MONTHS, type SalesStatistics, type summarizeSales } from '#contracts/sales-statistics';
import { Clock } from '#platform/clock';
import { ruleViolated } from '../faults.js';
import { Organisation } from '../organisation/organisation.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { SalesRepository, type Part } from './sales.repository.js';
import { filled, groupedBy, monthsBetween, monthsWanted } from './sales.rules.js';

/** What was sold by month, from sums that are kept. */
@Injectable()
export class SalesService {
  constructor(
    private readonly sales: SalesRepository,
    private readonly scopes: ScopeService,
    private readonly clock: Clock,
    private readonly organisation: Organisation,
  ) {}

  /** Errors: `rule-violated/months-out-of-range` for a span that ends before it begins, or of more than ten years. */
  async summarize({ scope, groupBy, ...wanted }: z.output<typeof summarizeSales.input>): Promise<SalesStatistics> {
    const span = monthsWanted(wanted, this.clock.today());
    const months = monthsBetween(span);
    if (months.length === 0 || months.length > MOST_MONTHS) {
      throw ruleViolated('months-out-of-range', '?from', 'Not after `to`, and no more than ten years before it');
    }
    const [from, to] = [`${span.from}-01`, `${span.to}-01`];
    return this.scopes.read(scope, async (tx) => ({
      currency: (await this.organisation.settings(tx)).currency,
      months: filled(await this.sales.byMonth(tx, scope, from, to), months),
      ...(groupBy === 'owner' && {
        owners: [...groupedBy(await this.sales.byOwner(tx, scope, from, to), ({ ownerId }) => ownerId).values()].map(
          (rows) => {
            const [{ ownerId, username, ownerName }] = rows as [(typeof rows)[number]];
            return { ownerId, username, ownerName, months: filled(rows, months) };
          },
        ),
      }),
      ...(groupBy === 'team' && {
        teams: [...groupedBy(await this.sales.byTeam(tx, scope, from, to), ({ teamId }) => teamId)].map(
          ([teamId, rows]) => ({ teamId, months: filled(rows, months) }),
        ),
      }),
    }));
  }

  /** Keeps the sums true while `change` changes these purchases, or these customers. */
  async keep(tx: EntityManager, part: Part, change: () => Promise<void>): Promise<void> {
    const [ids] = Object.values(part) as [string[]];
    if (ids.length === 0) return change();
    await this.sales.takeTurn(tx);
    await this.sales.count(tx, part, -1);
    await change();
    await this.sales.count(tx, part, 1);
  }
}

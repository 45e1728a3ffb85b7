import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { forecastServiceFees, listServiceFees, ServiceFeeForecast } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { latestWithin, parseSpan } from '../calendar.rules.js';
import { Organisation } from '../organisation/organisation.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { ServiceFeeRepository } from './service-fee.repository.js';

@Injectable()
export class ServiceFeeService {
  constructor(
    private readonly fees: ServiceFeeRepository,
    private readonly scopes: ScopeService,
    private readonly clock: Clock,
    private readonly organisation: Organisation,
  ) {}

  async list({ userId }: Actor, { scope, limit, cursor, ...filter }: z.output<typeof listServiceFees.input>) {
    const binding = { actorId: userId, filter };
    const after = decodeCursor(binding, cursor, byDateAndId);
    const { within, state, ownerId } = filter;
    const today = this.clock.today();
    const endsUntil = within === undefined ? undefined : latestWithin(today, parseSpan(within));
    const rows = await this.scopes.readOnce(scope, async (tx) => {
      const { serviceFeeLead: lead } = await this.organisation.settings(tx);
      return this.fees.page(tx, scope, { today, lead, endsUntil }, { state, ownerId, after, limit: limit + 1 });
    });
    const { items, nextCursor } = pageOf(rows, limit, binding, (row) => [row.serviceEndsOn, row.purchaseId]);
    return {
      items: items.map(({ reminderId, ...fee }) => ({ ...fee, ...(reminderId && { reminderId }) })),
      nextCursor,
    };
  }

  async forecast({ scope }: z.output<typeof forecastServiceFees.input>): Promise<ServiceFeeForecast> {
    return this.scopes.readOnce(scope, (tx) => this.forecastOf(tx, scope, this.clock.today()));
  }

  /** For readers that have waited for the scope already. */
  async forecastOf(tx: EntityManager, scope: Scope, asOf: string): Promise<ServiceFeeForecast> {
    const { serviceFeeLead } = await this.organisation.settings(tx);
    return this.fees.forecast(tx, scope, asOf, serviceFeeLead);
  }
}

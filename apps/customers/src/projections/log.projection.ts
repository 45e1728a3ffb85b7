import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Projection, type ParsedEvent } from '#messaging/projection';
import { LogService } from '../log/log.service.js';
import { AUTH, BILLING, SALES, type Reading } from '../log/readings.js';

const typesOf = (readings: readonly Reading[]) => readings.map(({ type }) => type);

/** What other services did, in the log as if it had been done here. */
@Injectable()
abstract class LogProjection {
  protected abstract readonly readings: readonly Reading[];

  constructor(private readonly log: LogService) {}

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    await this.log.recordTold(tx, this.readings, events);
  }
}

@Projection({ name: 'customers-log-of-sales', from: typesOf(SALES) })
export class SalesLogProjection extends LogProjection {
  protected readonly readings = SALES;
}

@Projection({ name: 'customers-log-of-billing', from: typesOf(BILLING) })
export class BillingLogProjection extends LogProjection {
  protected readonly readings = BILLING;
}

@Projection({ name: 'customers-log-of-auth', from: typesOf(AUTH) })
export class AuthLogProjection extends LogProjection {
  protected readonly readings = AUTH;
}

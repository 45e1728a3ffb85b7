import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { BulkAction, BulkEdit, editCustomers } from '#contracts/bulk';
import { AppError } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { AccessService, type Held } from '../access/access.service.js';
import { StatusService } from '../status/status.service.js';
import { editOf } from './bulk.rules.js';
import type { Customer } from './customer.entity.js';
import { CustomerEvents, type Fact } from './customer.events.js';
import { CustomerRepository } from './customer.repository.js';

type Results = z.input<typeof editCustomers.output>;
type Result = Results['results'][number];

/** The same edit of many customers at once. */
@Injectable()
export class BulkService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly customers: CustomerRepository,
    private readonly access: AccessService,
    private readonly statuses: StatusService,
    private readonly events: CustomerEvents,
    private readonly idempotency: Idempotency,
  ) {}

  /** Each customer is judged for itself. Errors: an unknown status; the others are each customer's own. */
  async edit(call: Call, { customerIds, action }: z.output<typeof BulkEdit>): Promise<Results> {
    const ids = [...new Set(customerIds)];
    return this.dataSource.transaction(async (tx) => {
      const results = await this.idempotency.once(tx, call, { ids, action }, async () => {
        if (action.type === 'set-status') await this.statuses.forCustomer(tx, action.statusId, '/action/statusId');
        return this.apply(tx, call, ids, action);
      });
      const succeeded = results.filter(({ ok }) => ok).length;
      return { results, succeeded, failed: results.length - succeeded };
    });
  }

  private async apply(tx: EntityManager, call: Call, ids: string[], action: BulkAction): Promise<Result[]> {
    const held = await this.access.holdEach(tx, call.actor, ids, 'edit');
    const customers = new Map((await this.customers.loadMany(tx, ids)).map((customer) => [customer.id, customer]));
    const facts: Fact[] = [];
    const results = ids.map((customerId): Result => {
      try {
        const fact = edited(action, call, held.get(customerId), customers.get(customerId));
        if (fact) facts.push(fact);
        return { customerId, ok: true };
      } catch (error) {
        if (error instanceof AppError) return { customerId, ok: false, error: error.toBody() };
        throw error;
      }
    });
    await this.customers.save(
      tx,
      facts.map(({ customer }) => customer),
    );
    await this.events.tell(tx, doerOf(call), facts);
    return results;
  }
}

/** What the action changes of a customer that is held; undefined if nothing. Errors: those of `editOf`, of holding. */
function edited(action: BulkAction, call: Call, held?: Held, customer?: Customer): Fact | undefined {
  if (!held || !customer) throw new AppError('not-found', 'not-found');
  if (held.refused) throw held.refused;
  const changes = customer.edit(editOf(action, customer));
  const by = doerOf({ actor: call.actor, grant: held.grant });
  return changes.length > 0 ? { customer, action: 'edited', changes, by } : undefined;
}

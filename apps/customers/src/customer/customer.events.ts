import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { customerChanged } from '#contracts/customers';
import type { Doer } from '#contracts/event';
import { newEvent, Outbox } from '#messaging/outbox';
import { LogService, type NewEntry } from '../log/log.service.js';
import type { Customer, FieldChange } from './customer.entity.js';

type Data = z.output<typeof customerChanged.data>;

/** What was done to a customer. */
export interface Fact {
  customer: Customer;
  action: Data['action'];
  changes?: FieldChange[];
  acknowledgedDuplicates?: boolean;
  owners?: Data['owners'];
  /** Where it isn't the same for all that is told. */
  by?: Doer;
}

/** Tells what happened to customers, with their state after it. */
@Injectable()
export class CustomerEvents {
  constructor(
    private readonly outbox: Outbox,
    private readonly log: LogService,
  ) {}

  async tell(tx: EntityManager, by: Doer | null, facts: Fact[]): Promise<void> {
    await this.log.record(tx, by, facts.map(entryOf));
    await this.outbox.addMany(
      tx,
      facts.map((fact) => newEvent(customerChanged, { by, ...stated(fact) })),
    );
  }
}

function entryOf({ customer: { id }, action, changes, acknowledgedDuplicates, by }: Fact): NewEntry {
  const details = acknowledgedDuplicates ? { acknowledgedDuplicates } : {};
  return { customerId: id, resource: 'customer', resourceId: id, action, changes, details, by };
}

/** The event but for who did it, where the fact doesn't say. */
export function stated({ customer, action, changes = [], acknowledgedDuplicates, owners = [], by }: Fact) {
  const { id, name, keyword, statusId, ownerId, createdOn, version } = customer;
  const data: Data = {
    id,
    name,
    keyword,
    code: customer.code ?? null,
    statusId,
    ownerId,
    createdOn,
    paymentTermDays: customer.paymentTermDays ?? null,
    language: customer.language ?? null,
    deleted: Boolean(customer.deletedAt),
    action,
    changes,
    ...(acknowledgedDuplicates && { acknowledgedDuplicates }),
    owners,
  };
  return { aggregateId: id, version, data, ...(by && { by }) };
}

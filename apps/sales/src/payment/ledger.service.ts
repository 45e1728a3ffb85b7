import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Doer } from '#contracts/event';
import { Outbox } from '#messaging/outbox';
import type { Payment } from './payment.entity.js';
import { PaymentRepository } from './payment.repository.js';
import { entryOf } from './payment.view.js';

/** Where money is booked, once its purchase has been credited. */
@Injectable()
export class Ledger {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly outbox: Outbox,
  ) {}

  async book(tx: EntityManager, entries: { payment: Payment; customerId: string; by: Doer }[]): Promise<void> {
    await this.payments.insert(
      tx,
      entries.map(({ payment }) => payment),
    );
    await this.outbox.addMany(
      tx,
      entries.map(({ payment, customerId, by }) => entryOf(payment, customerId, by)),
    );
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { notFound } from '#contracts/errors';
import type * as sales from '#contracts/sales';
import { doerOf, type Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { assertGrant } from '#platform/rights';
import { PurchaseService } from '../purchase/purchase.service.js';
import { assertNotInFuture } from '../purchase/purchase.rules.js';
import { Ledger } from './ledger.service.js';
import { Payment, type LedgerEntry } from './payment.entity.js';
import { PaymentRepository } from './payment.repository.js';
import { reversalOf } from './payment.rules.js';
import { viewOf } from './payment.view.js';

@Injectable()
export class PaymentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly purchases: PurchaseService,
    private readonly ledger: Ledger,
    private readonly idempotency: Idempotency,
    private readonly clock: Clock,
  ) {}

  async list(call: Call, query: z.output<typeof sales.listPayments.input>): Promise<Page<sales.Payment>> {
    const { customerId, purchaseId, limit } = query;
    assertGrant(call, customerId, 'payments.read', 'read');
    const { manager } = this.dataSource;
    await this.purchases.find(manager, customerId, purchaseId);
    const binding = { actorId: call.actor.userId, filter: query };
    const [paidOn, id] = decodeCursor(binding, query.cursor, byDateAndId) ?? [];
    const after = paidOn && id ? { paidOn, id } : undefined;
    const rows = await this.payments.find(manager, { purchaseId, after, limit: limit + 1 });
    const page = pageOf(rows, limit, binding, (payment) => [payment.paidOn, payment.id]);
    return { ...page, items: page.items.map(viewOf) };
  }

  /**
   * Books money, or reverses an entry. Errors: `not-found`; `conflict/already-reversed`; `rule-violated/overpaid`,
   * `/underpaid`, `/date-in-future`, `/purchase-voided`, `/reversal-of-reversal`, `/before-original`.
   */
  async record(
    call: Call,
    { customerId, purchaseId, payment: input }: z.output<typeof sales.recordPayment.input>,
  ): Promise<sales.Payment> {
    assertGrant(call, customerId, 'payments.write', 'money');
    const by = doerOf(call);
    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, ['payment', customerId, purchaseId, input], async () => {
        const purchase = await this.purchases.lock(tx, customerId, purchaseId);
        const entry = await this.entryOf(tx, purchaseId, input);
        purchase.credit(entry.amount, entry.reversesId ? '/reversesId' : '/amount');
        await this.purchases.moneyMoved(tx, [{ purchase, by }]);
        const payment = Payment.book(uuidv7(), purchase, entry, by.userId, this.clock.now());
        await this.ledger.book(tx, [{ payment, customerId, by }]);
        return payment.id;
      });
      return this.show(tx, purchaseId, id);
    });
  }

  /** Errors: `not-found`. */
  async show(tx: EntityManager, purchaseId: string, id: string): Promise<sales.Payment> {
    const booked = await this.payments.get(tx, purchaseId, id);
    if (!booked) throw notFound();
    return viewOf(booked);
  }

  private async entryOf(
    tx: EntityManager,
    purchaseId: string,
    input: z.output<typeof sales.NewPayment>,
  ): Promise<LedgerEntry> {
    const { amount, reversesId, method, ...rest } = input;
    const paidOn = rest.paidOn ?? this.clock.today();
    assertNotInFuture(paidOn, this.clock.today(), '/paidOn');
    if (amount !== undefined) return { ...rest, paidOn, amount, method: method ?? 'other' };
    const original = reversesId === undefined ? null : await this.payments.get(tx, purchaseId, reversesId);
    if (!original) throw notFound();
    return reversalOf(original, await this.payments.isReversed(tx, original.id), { ...rest, paidOn, method });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { NewRenewal, Renewal, renewPurchase } from '#contracts/renewals';
import { doerOf, type Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { Idempotency } from '#platform/idempotency';
import { assertGrant } from '#platform/rights';
import { Ledger } from '../payment/ledger.service.js';
import { Payment } from '../payment/payment.entity.js';
import { PaymentService } from '../payment/payment.service.js';
import { Purchase } from '../purchase/purchase.entity.js';
import { assertNotInFuture } from '../purchase/purchase.rules.js';
import { PurchaseService } from '../purchase/purchase.service.js';
import { viewOf } from '../purchase/purchase.view.js';

type Terms = z.output<typeof NewRenewal>;
interface Made {
  feePurchaseId: string;
  paymentId: string;
}

/** A service that is paid for so many more years: its new end, the fee and its payment, in one transaction. */
@Injectable()
export class RenewalService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly purchases: PurchaseService,
    private readonly payments: PaymentService,
    private readonly ledger: Ledger,
    private readonly idempotency: Idempotency,
    private readonly clock: Clock,
  ) {}

  /** Errors: `not-found`; `rule-violated/date-in-future`, and those of `Purchase.renew`. */
  async renew(
    call: Call,
    { customerId, purchaseId, ...terms }: z.output<typeof renewPurchase.input>,
  ): Promise<z.output<typeof Renewal>> {
    assertGrant(call, customerId, 'purchases.write', 'edit');
    assertGrant(call, customerId, 'payments.write', 'money');
    return this.dataSource.transaction(async (tx) => {
      const request = ['renewal', customerId, purchaseId, terms];
      const { feePurchaseId, paymentId } = await this.idempotency.once(tx, call, request, () =>
        this.extend(tx, call, customerId, purchaseId, terms),
      );
      return {
        purchase: viewOf(await this.purchases.find(tx, customerId, purchaseId)),
        feePurchase: viewOf(await this.purchases.find(tx, customerId, feePurchaseId)),
        payment: await this.payments.show(tx, feePurchaseId, paymentId),
      };
    });
  }

  private async extend(
    tx: EntityManager,
    call: Call,
    customerId: string,
    purchaseId: string,
    { years, ...paid }: Terms,
  ): Promise<Made> {
    const by = doerOf(call);
    const now = this.clock.now();
    assertNotInFuture(paid.paidOn, this.clock.today(), '/paidOn');
    const purchase = await this.purchases.lock(tx, customerId, purchaseId);
    purchase.renew(years, now);
    const fee = Purchase.feeFor(purchase, years, paid.paidOn, by.userId, uuidv7(), now);
    fee.credit(fee.payable, '/years');
    await this.purchases.renewed(tx, purchase, fee, by);
    const payment = Payment.book(uuidv7(), fee, { ...paid, amount: fee.payable }, by.userId, now);
    await this.ledger.book(tx, [{ payment, customerId, by }]);
    return { feePurchaseId: fee.id, paymentId: payment.id };
  }
}

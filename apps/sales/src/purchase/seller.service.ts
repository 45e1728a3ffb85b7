import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { findCustomers } from '#contracts/customers';
import { notFound } from '#contracts/errors';
import type * as sales from '#contracts/sales';
import { Bus } from '#messaging/bus';
import { doerOf, onwardOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { at, invalidField } from '../faults.js';
import { exact } from '../money.js';
import { Organisation } from '../organisation/organisation.service.js';
import { Ledger } from '../payment/ledger.service.js';
import { Payment } from '../payment/payment.entity.js';
import { ProductService } from '../product/product.service.js';
import { Purchase } from './purchase.entity.js';
import { PurchaseRepository } from './purchase.repository.js';
import { assertNotInFuture, newTerms } from './purchase.rules.js';
import { changeOf, viewOf } from './purchase.view.js';

interface Sale {
  customerId: string;
  sales: z.output<typeof sales.NewPurchase>[];
  /** How many days after the sale it is due, where no day is named. */
  termDays: number;
  /** Where in the request they are: what is wrong with one is said of its place below. */
  field: string;
}

/** Sells to a customer, in the transaction of whoever asks for it. */
@Injectable()
export class Seller {
  constructor(
    private readonly purchases: PurchaseRepository,
    private readonly products: ProductService,
    private readonly ledger: Ledger,
    private readonly organisation: Organisation,
    private readonly outbox: Outbox,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives the ids of the purchases, in order. Errors: `rule-violated/product-inactive`, `/overpaid`, `/date-in-future`,
   * `/due-before-sale`; `invalid/validation`; each naming the field.
   */
  async sell(tx: EntityManager, call: Call, { customerId, sales, termDays, field }: Sale): Promise<string[]> {
    const by = doerOf(call);
    const now = this.clock.now();
    const today = this.clock.today();
    const products = await this.products.forSale(
      tx,
      sales.map(({ productId }) => productId),
    );
    const payments: Payment[] = [];
    const made = sales.map((input, place) =>
      at(`${field}/${place}`, () => {
        const product = products.get(input.productId);
        if (!product) throw invalidField('/productId', 'unknown-product', 'There is no such product');
        const terms = newTerms(input, product, { today, termDays });
        assertNotInFuture(terms.soldOn, today, '/soldOn');
        const origin = { id: uuidv7(), customerId, soldById: call.actor.userId };
        const purchase = Purchase.record(origin, product, terms, now);
        if (input.paid !== undefined && !exact(input.paid).isZero()) {
          purchase.credit(input.paid, '/paid');
          const entry = { amount: input.paid, paidOn: terms.soldOn, method: 'other' } as const;
          payments.push(Payment.book(uuidv7(), purchase, entry, by.userId, now));
        }
        return purchase;
      }),
    );
    await this.purchases.insert(tx, made);
    await this.outbox.addMany(
      tx,
      made.map((purchase) => changeOf(purchase, 'recorded', by)),
    );
    await this.ledger.book(
      tx,
      payments.map((payment) => ({ payment, customerId, by })),
    );
    return made.map(({ id }) => id);
  }

  /** As they stand, in the order of these ids. */
  async show(tx: EntityManager, ids: string[]): Promise<sales.Purchase[]> {
    const found = new Map((await this.purchases.ofIds(tx, ids)).map((purchase) => [purchase.id, purchase]));
    return ids.flatMap((id) => found.get(id) ?? []).map(viewOf);
  }

  /** In days, of a customer that the caller may edit: his own, or else the organisation's. Errors: `not-found`. */
  async paymentTerm(call: Call, customerId: string): Promise<number> {
    const input = { userId: call.actor.userId, ids: [customerId] };
    const { customers } = await this.bus.request(findCustomers, input, onwardOf(call));
    const [customer] = customers;
    if (!customer) throw notFound();
    return customer.paymentTermDays ?? this.organisation.paymentTerm();
  }
}

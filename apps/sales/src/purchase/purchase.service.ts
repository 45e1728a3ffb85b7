import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { findCustomers } from '#contracts/customers';
import { notFound, staleVersion } from '#contracts/errors';
import type { Doer } from '#contracts/event';
import type * as sales from '#contracts/sales';
import { Bus } from '#messaging/bus';
import { doerOf, onwardOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { at, invalidField } from '../faults.js';
import { exact } from '../money.js';
import { Ledger } from '../payment/ledger.service.js';
import { Payment } from '../payment/payment.entity.js';
import { ProductService } from '../product/product.service.js';
import { assertGrant } from '../rights.js';
import { Purchase } from './purchase.entity.js';
import { PurchaseRepository } from './purchase.repository.js';
import { assertNotInFuture, newTerms } from './purchase.rules.js';
import { changeOf, viewOf, type PurchaseAction } from './purchase.view.js';

@Injectable()
export class PurchaseService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly purchases: PurchaseRepository,
    private readonly products: ProductService,
    private readonly ledger: Ledger,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  async list(call: Call, query: z.output<typeof sales.listPurchases.input>): Promise<Page<sales.Purchase>> {
    const { customerId, inArrears, includeVoided, limit } = query;
    assertGrant(call, customerId, 'purchases.read', 'read');
    const binding = { actorId: call.actor.userId, filter: query };
    const [soldOn, id] = decodeCursor(binding, query.cursor, byDateAndId) ?? [];
    const after = soldOn && id ? { soldOn, id } : undefined;
    const found = { customerId, inArrears, includeVoided, after, limit: limit + 1 };
    const rows = await this.purchases.find(this.dataSource.manager, found);
    const page = pageOf(rows, limit, binding, (purchase) => [purchase.soldOn, purchase.id]);
    return { ...page, items: page.items.map(viewOf) };
  }

  async get(call: Call, { customerId, purchaseId }: z.output<typeof sales.getPurchase.input>): Promise<sales.Purchase> {
    assertGrant(call, customerId, 'purchases.read', 'read');
    return viewOf(await this.find(this.dataSource.manager, customerId, purchaseId));
  }

  /**
   * Saves all of them together, or none. Errors: `rule-violated/product-inactive`, `/overpaid`, `/date-in-future`,
   * `/due-before-sale`; `invalid/validation`; each naming the field.
   */
  async create(
    call: Call,
    { customerId, purchases }: z.output<typeof sales.createPurchases.input>,
  ): Promise<{ items: sales.Purchase[] }> {
    assertGrant(call, customerId, 'purchases.write', 'edit');
    const needTerm = purchases.some(({ dueOn }) => dueOn === undefined);
    const termDays = needTerm ? await this.paymentTerm(call, customerId) : 0;
    return this.dataSource.transaction(async (tx) => {
      const ids = await this.idempotency.once(tx, call, ['purchases', customerId, purchases], () =>
        this.record(tx, call, customerId, purchases, termDays),
      );
      const made = new Map((await this.purchases.ofIds(tx, ids)).map((purchase) => [purchase.id, purchase]));
      return { items: ids.flatMap((id) => made.get(id) ?? []).map(viewOf) };
    });
  }

  /** Errors: `not-found`; `precondition-failed/stale-version`; those of `Purchase.correct`. */
  async update(
    call: Call,
    { customerId, purchaseId, patch }: z.output<typeof sales.updatePurchase.input>,
  ): Promise<sales.Purchase> {
    assertGrant(call, customerId, 'purchases.write', 'edit');
    return this.change(call, customerId, purchaseId, 'edited', (purchase) => purchase.correct(patch, this.clock.now()));
  }

  /** Errors: `not-found`; `conflict/already-voided`; `rule-violated/money-booked`, `/voided-before-sale`. */
  async void(
    call: Call,
    { customerId, purchaseId, reason, voidedOn }: z.output<typeof sales.voidPurchase.input>,
  ): Promise<sales.Purchase> {
    assertGrant(call, customerId, 'purchases.write', 'edit');
    const today = this.clock.today();
    return this.change(call, customerId, purchaseId, 'voided', (purchase) => {
      assertNotInFuture(voidedOn ?? today, today, '/voidedOn');
      purchase.void(reason, voidedOn ?? today, this.clock.now());
      return true;
    });
  }

  /** Errors: `not-found`, also for another customer's. */
  async find(tx: EntityManager, customerId: string, id: string): Promise<Purchase> {
    const purchase = await this.purchases.get(tx, customerId, id);
    if (!purchase) throw notFound();
    return purchase;
  }

  /** The same, held until the transaction ends. */
  async lock(tx: EntityManager, customerId: string, id: string): Promise<Purchase> {
    const purchase = await this.purchases.lock(tx, customerId, id);
    if (!purchase) throw notFound();
    return purchase;
  }

  /** For the import of payments: which purchases there are, and then those held. */
  ofRefs = (tx: EntityManager, refs: string[]) => this.purchases.ofRefs(tx, refs);
  lockRefs = (tx: EntityManager, refs: string[]) => this.purchases.lockRefs(tx, refs);

  /** New entries stand in the ledgers of these purchases, which the caller holds and has credited. */
  async moneyMoved(tx: EntityManager, moved: { purchase: Purchase; by: Doer }[]): Promise<void> {
    const now = this.clock.now();
    for (const { purchase } of moved) purchase.moneyMoved(now);
    const held = moved.map(({ purchase }) => purchase);
    const [stale] = await this.purchases.save(tx, held);
    if (stale !== undefined) throw new Error(`Purchase ${stale} was changed although it is held`);
    await this.outbox.addMany(
      tx,
      moved.map(({ purchase, by }) => changeOf(purchase, 'paid', by)),
    );
  }

  private async record(
    tx: EntityManager,
    call: Call,
    customerId: string,
    inputs: z.output<typeof sales.NewPurchase>[],
    termDays: number,
  ): Promise<string[]> {
    const by = doerOf(call);
    const now = this.clock.now();
    const today = this.clock.today();
    const products = await this.products.forSale(
      tx,
      inputs.map(({ productId }) => productId),
    );
    const payments: Payment[] = [];
    const made = inputs.map((input, place) =>
      at(`/purchases/${place}`, () => {
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

  /** Holds the purchase, changes it and tells of it. `act` tells whether it changed anything. */
  private async change(
    call: Call,
    customerId: string,
    id: string,
    action: PurchaseAction,
    act: (purchase: Purchase) => boolean,
  ): Promise<sales.Purchase> {
    return this.dataSource.transaction(async (tx) => {
      const purchase = await this.lock(tx, customerId, id);
      if (typeof call.ifMatch === 'number' && call.ifMatch !== purchase.version) throw staleVersion(viewOf(purchase));
      if (!act(purchase)) return viewOf(purchase);
      const stale = await this.purchases.save(tx, [purchase]);
      if (stale.length > 0) throw staleVersion(viewOf(await this.find(tx, customerId, id)));
      await this.outbox.addMany(tx, [changeOf(purchase, action, doerOf(call))]);
      return viewOf(purchase);
    });
  }

  /** In days, of a customer that the caller may edit. Errors: `not-found`. */
  private async paymentTerm(call: Call, customerId: string): Promise<number> {
    const input = { userId: call.actor.userId, ids: [customerId] };
    const { customers } = await this.bus.request(findCustomers, input, onwardOf(call));
    const [customer] = customers;
    if (!customer) throw notFound();
    return customer.paymentTermDays ?? 0;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { notFound, staleVersion } from '#contracts/errors';
import type { Doer } from '#contracts/event';
import type * as sales from '#contracts/sales';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { assertGrant } from '#platform/rights';
import { Purchase } from './purchase.entity.js';
import { PurchaseRepository } from './purchase.repository.js';
import { assertNotInFuture } from './purchase.rules.js';
import { changeOf, viewOf, type PurchaseAction } from './purchase.view.js';
import { Seller } from './seller.service.js';

@Injectable()
export class PurchaseService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly purchases: PurchaseRepository,
    private readonly seller: Seller,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
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

  /** Saves all of them together, or none. Errors: those of a sale, each naming the field. */
  async create(
    call: Call,
    { customerId, purchases }: z.output<typeof sales.createPurchases.input>,
  ): Promise<{ items: sales.Purchase[] }> {
    assertGrant(call, customerId, 'purchases.write', 'edit');
    const needTerm = purchases.some(({ dueOn }) => dueOn === undefined);
    const termDays = needTerm ? await this.seller.paymentTerm(call, customerId) : 0;
    return this.dataSource.transaction(async (tx) => {
      const ids = await this.idempotency.once(tx, call, ['purchases', customerId, purchases], () =>
        this.seller.sell(tx, call, { customerId, sales: purchases, termDays, field: '/purchases' }),
      );
      return { items: await this.seller.show(tx, ids) };
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

  /** A purchase that the caller holds goes on for longer, and the fee for that is a purchase of its own. */
  async renewed(tx: EntityManager, purchase: Purchase, fee: Purchase, by: Doer): Promise<void> {
    const [stale] = await this.purchases.save(tx, [purchase]);
    if (stale !== undefined) throw new Error(`Purchase ${stale} was changed although it is held`);
    await this.purchases.insert(tx, [fee]);
    await this.outbox.addMany(tx, [changeOf(purchase, 'renewed', by), changeOf(fee, 'recorded', by)]);
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
}

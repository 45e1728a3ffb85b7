import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { relationAllows } from '#access/permissions';
import { Money, line } from '#contracts/common';
import { findCustomers } from '#contracts/customers';
import type { Doer } from '#contracts/event';
import type { ImportRow } from '#contracts/imports';
import { PaymentMethod } from '#contracts/sales';
import { dateCell, decimalCell, readRow } from '#imports/cells';
import {
  failedRow,
  faultsOf,
  rowFault,
  type ImportActor,
  type ImportTarget,
  type RowOutcome,
} from '#imports/import-target';
import { Bus } from '#messaging/bus';
import { Clock } from '#platform/clock';
import { doerFor } from '../doer.js';
import { sameAmount } from '../money.js';
import type { Purchase } from '../purchase/purchase.entity.js';
import { assertNotInFuture } from '../purchase/purchase.rules.js';
import { PurchaseService } from '../purchase/purchase.service.js';
import { Ledger } from './ledger.service.js';
import { Payment } from './payment.entity.js';
import { PaymentRepository } from './payment.repository.js';

const Row = z.object({
  ref: line(100),
  purchase_ref: line(100),
  amount: decimalCell(Money.regex(/[1-9]/, 'Not zero')),
  paid_on: dateCell,
  method: z.string().toLowerCase().pipe(PaymentMethod).optional(),
});
type Row = z.output<typeof Row>;

/** Payments, known by their ref. What stands in the ledger is final: a row that says otherwise fails. */
@Injectable()
export class PaymentImport implements ImportTarget {
  readonly kind = 'payments';
  readonly permission = 'payments.write';

  constructor(
    private readonly payments: PaymentRepository,
    private readonly purchases: PurchaseService,
    private readonly ledger: Ledger,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  async applyBatch(tx: EntityManager, actor: ImportActor, rows: ImportRow[]): Promise<RowOutcome[]> {
    const read = rows.map((row) => ({ row: row.row, ...readRow(Row, row) }));
    const values = read.flatMap(({ value }) => value ?? []);
    const doers = await this.doers(tx, actor, values);
    const purchaseRefs = [...new Set(values.map(({ purchase_ref }) => purchase_ref))];
    const held = new Map((await this.purchases.lockRefs(tx, purchaseRefs)).map((each) => [each.ref, each]));
    const refs = values.map(({ ref }) => ref);
    const known = new Map((await this.payments.ofRefs(tx, refs)).map((payment) => [payment.ref, payment]));

    // Asking a clock for the day is slow; and a batch is of one day.
    const [now, today] = [this.clock.now(), this.clock.today()];
    const booked: { payment: Payment; purchase: Purchase; customerId: string; by: Doer }[] = [];
    const outcomes = read.map(({ row, value, faults }): RowOutcome => {
      if (!value) return failedRow(row, ...faults);
      const purchase = held.get(value.purchase_ref);
      const by = purchase && doers.get(purchase.customerId);
      if (!by) return failedRow(row, rowFault(row, 'purchase_ref', 'unknown-purchase', 'No purchase has this ref'));
      const before = known.get(value.ref);
      if (before && says(value, before, purchase)) return { row, outcome: 'unchanged', faults: [], warnings: [] };
      if (before) return failedRow(row, rowFault(row, 'ref', 'ledger-is-final', 'Booked otherwise already'));
      try {
        assertNotInFuture(value.paid_on, today, '/paidOn');
        purchase.credit(value.amount, '/amount');
      } catch (error) {
        return failedRow(row, ...faultsOf(row, error));
      }
      const { ref, amount, paid_on: paidOn, method = 'other' } = value;
      const payment = Payment.book(uuidv7(), purchase, { ref, amount, paidOn, method }, actor.userId, now);
      booked.push({ payment, purchase, customerId: purchase.customerId, by });
      return { row, outcome: 'created', faults: [], warnings: [] };
    });
    const moved = new Map(booked.map(({ purchase, by }) => [purchase.id, { purchase, by }]));
    await this.purchases.moneyMoved(tx, [...moved.values()]);
    await this.ledger.book(tx, booked);
    return outcomes;
  }

  /** As whom the actor books on each customer; those that he may not book on are missing. Asked before a row is held. */
  private async doers(tx: EntityManager, actor: ImportActor, rows: Row[]): Promise<Map<string, Doer>> {
    const refs = [...new Set(rows.map(({ purchase_ref }) => purchase_ref))];
    const ids = [...new Set((await this.purchases.ofRefs(tx, refs)).map(({ customerId }) => customerId))];
    if (ids.length === 0) return new Map();
    const { customers } = await this.bus.request(findCustomers, { userId: actor.userId, ids });
    const open = customers.filter((access) => relationAllows(access, 'money'));
    return new Map(open.map((customer) => [customer.id, doerFor(actor, customer)]));
  }
}

/** Whether the row says of a payment what stands there. A method that is left out says nothing. */
const says = (row: Row, payment: Payment, purchase: Purchase): boolean =>
  payment.purchaseId === purchase.id &&
  sameAmount(payment.amount, row.amount) &&
  payment.paidOn === row.paid_on &&
  (row.method === undefined || payment.method === row.method);

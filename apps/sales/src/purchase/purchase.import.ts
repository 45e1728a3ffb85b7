import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { relationAllows } from '#access/permissions';
import { addDays } from '#calendar/dates';
import { NonNegativeMoney, Quantity, line } from '#contracts/common';
import { findCustomers } from '#contracts/customers';
import { AppError } from '#contracts/errors';
import type { ImportFault, ImportRow } from '#contracts/imports';
import { booleanCell, dateCell, decimalCell, readRow } from '#imports/cells';
import { fold } from '#text/fold';
import {
  failedRow,
  faultsOf,
  rowFault,
  type ImportActor,
  type ImportTarget,
  type RowOutcome,
} from '#imports/import-target';
import { Bus } from '#messaging/bus';
import { Outbox, type NewEvent } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { doerFor, type Customer } from '../doer.js';
import { ruleViolated } from '../faults.js';
import { Organisation } from '../organisation/organisation.service.js';
import type { Product } from '../product/product.entity.js';
import { ProductService } from '../product/product.service.js';
import { Purchase } from './purchase.entity.js';
import { PurchaseRepository } from './purchase.repository.js';
import { assertNotInFuture, newTerms } from './purchase.rules.js';

import { changeOf } from './purchase.view.js';

const Row = z.object({
  ref: line(100),
  customer_code: line(64),
  product_code: line(64),
  quantity: decimalCell(Quantity),
  unit_price: decimalCell(NonNegativeMoney),
  sold_on: dateCell,
  due_on: dateCell.optional(),
  annual_fee: decimalCell(NonNegativeMoney).optional(),
  service_ends_on: dateCell.optional(),
  remind: booleanCell.optional(),
});
type Row = z.output<typeof Row>;

/**
 * Purchases, known by their ref. The seller is the customer's owner. A cell that is left empty is filled in as for a
 * new purchase, and leaves what is there in an old one.
 */
@Injectable()
export class PurchaseImport implements ImportTarget {
  readonly kind = 'purchases';
  readonly permission = 'purchases.write';

  constructor(
    private readonly purchases: PurchaseRepository,
    private readonly products: ProductService,
    private readonly organisation: Organisation,
    private readonly outbox: Outbox,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  async applyBatch(tx: EntityManager, actor: ImportActor, rows: ImportRow[]): Promise<RowOutcome[]> {
    const read = rows.map((row) => ({ row: row.row, ...readRow(Row, row) }));
    const values = read.flatMap(({ value }) => value ?? []);
    const customers = await this.findCustomers(actor, values);
    const codes = values.map(({ product_code }) => product_code);
    const products = await this.products.forSaleByCode(tx, codes);
    const refs = values.map(({ ref }) => ref);
    const known = new Map((await this.purchases.lockRefs(tx, refs)).map((purchase) => [purchase.ref, purchase]));

    const usualTerm = await this.organisation.paymentTerm(tx);
    // Asking a clock for the day is slow; and a batch is of one day.
    const moment = { now: this.clock.now(), today: this.clock.today(), usualTerm };
    const created: Purchase[] = [];
    const changed: Purchase[] = [];
    const events: NewEvent[] = [];
    const outcomes = read.map(({ row, value, faults }): RowOutcome => {
      if (!value) return failedRow(row, ...faults);
      const customer = customers.get(value.customer_code) ?? customers.get(fold(value.customer_code));
      const product = products.get(fold(value.product_code));
      if (!customer || !product) return failedRow(row, ...unknown(row, customer, product));
      try {
        const before = known.get(value.ref);
        const purchase = before ?? record(value, customer, product, moment);
        if (before && !correct(before, value, customer, product, moment)) return done(row, 'unchanged');
        (before ? changed : created).push(purchase);
        events.push(changeOf(purchase, 'imported', doerFor(actor, customer)));
        return done(row, before ? 'updated' : 'created');
      } catch (error) {
        return failedRow(row, ...faultsOf(row, error).map(ofColumn));
      }
    });
    await this.purchases.insert(tx, created);
    const stale = await this.purchases.save(tx, changed);
    if (stale.length > 0) throw new Error(`Purchases were changed although they are held: ${stale.join()}`);
    await this.outbox.addMany(tx, events);
    return outcomes;
  }

  /**
   * By code, as it stands and folded: those that the actor may edit.
   * Errors: `unavailable/customers-are-being-imported`, upon which the batch is tried again: a missing one may yet come.
   */
  private async findCustomers(actor: ImportActor, rows: Row[]): Promise<Map<string, Customer>> {
    const codes = [...new Set(rows.map(({ customer_code }) => customer_code))];
    if (codes.length === 0) return new Map();
    const { importing, customers } = await this.bus.request(findCustomers, { userId: actor.userId, codes });
    const open = customers.filter((access) => relationAllows(access, 'edit'));
    const found = new Map(
      open.flatMap((each) => [[fold(each.code ?? ''), each] as const, [each.code ?? '', each] as const]),
    );
    if (importing && codes.some((code) => !found.has(code) && !found.has(fold(code)))) {
      throw new AppError('unavailable', 'customers-are-being-imported');
    }
    return found;
  }
}

interface Moment {
  now: Date;
  today: string;
  /** In days, of a customer without a term of his own. */
  usualTerm: number;
}

function record(row: Row, customer: Customer, product: Product, { now, today, usualTerm }: Moment): Purchase {
  const input = {
    ...{ quantity: row.quantity, unitPrice: row.unit_price, soldOn: row.sold_on, dueOn: row.due_on },
    ...{ annualFee: row.annual_fee, serviceEndsOn: row.service_ends_on, remind: row.remind },
  };
  const terms = newTerms(input, product, { today, termDays: customer.paymentTermDays ?? usualTerm });
  assertNotInFuture(terms.soldOn, today, '/soldOn');
  const origin = { id: uuidv7(), customerId: customer.id, soldById: customer.ownerId, ref: row.ref };
  return Purchase.record(origin, product, terms, now);
}

/** Tells whether anything changed. A purchase never moves to another customer. */
function correct(
  purchase: Purchase,
  row: Row,
  customer: Customer,
  product: Product,
  { now, today, usualTerm }: Moment,
): boolean {
  if (purchase.customerId !== customer.id) throw ruleViolated('ref-taken', '/ref', 'Another purchase has this ref');
  assertNotInFuture(row.sold_on, today, '/soldOn');
  const movedDue =
    row.sold_on === purchase.soldOn ? undefined : addDays(row.sold_on, customer.paymentTermDays ?? usualTerm);
  const terms = {
    ...{ quantity: row.quantity, unitPrice: row.unit_price, soldOn: row.sold_on, dueOn: row.due_on ?? movedDue },
    ...{ annualFee: row.annual_fee, serviceEndsOn: row.service_ends_on, remind: row.remind },
  };
  return purchase.correct(terms, now, product);
}

const done = (row: number, outcome: RowOutcome['outcome']): RowOutcome => ({ row, outcome, faults: [], warnings: [] });

/** One that the actor may not edit is unknown to him. */
function unknown(row: number, customer: Customer | undefined, product: Product | undefined): ImportFault[] {
  return [
    ...(customer ? [] : [rowFault(row, 'customer_code', 'unknown-customer', 'No customer of yours has this code')]),
    ...(product ? [] : [rowFault(row, 'product_code', 'unknown-product', 'No product has this code')]),
  ];
}

const ofColumn = (fault: ImportFault): ImportFault =>
  fault.field === 'product_id' ? { ...fault, field: 'product_code' } : fault;

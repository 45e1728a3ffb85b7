import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { paymentRecorded, productChanged, purchaseChanged } from '#contracts/sales';
import { isEvent, Projection, type ParsedEvent } from '#messaging/projection';
import { fold } from '#text/fold';
import { ReminderService } from '../reminder/reminder.service.js';
import { SalesService } from '../statistics/sales.service.js';

/** The receivables ledger: what is charged, what was paid on it, and the service terms, with what the catalogue adds. */
@Projection({ name: 'billing-sales', from: [purchaseChanged, paymentRecorded, productChanged] })
export class SalesProjection {
  constructor(
    private readonly reminders: ReminderService,
    private readonly sales: SalesService,
  ) {}

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const purchases = events.filter((event) => isEvent(purchaseChanged, event));
    const payments = events.filter((event) => isEvent(paymentRecorded, event)).map(({ data }) => data);
    await this.keepProducts(tx, events);
    const touched = [...new Set([...purchases.map(({ data }) => data.id), ...payments.map((one) => one.purchaseId)])];
    if (touched.length === 0) return;

    await this.sales.keep(tx, { purchaseIds: purchases.map(({ data }) => data.id) }, () =>
      this.keepLedger(tx, purchases, payments, touched),
    );
    await this.reminders.settle(tx, touched);
  }

  private async keepLedger(
    tx: EntityManager,
    purchases: ParsedEvent<z.output<typeof purchaseChanged.data>>[],
    payments: z.output<typeof paymentRecorded.data>[],
    touched: string[],
  ): Promise<void> {
    // A sweep holds the charges that it opens reminders for: it sees this change, or this sees its reminders.
    await tx.query(`SELECT FROM charges WHERE purchase_id = ANY ($1) ORDER BY purchase_id FOR UPDATE`, [touched]);
    if (payments.length > 0) await this.keepEntries(tx, payments);
    if (purchases.length > 0) await this.keepCharges(tx, purchases);
    await this.balance(tx, touched);
  }

  private async keepProducts(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const products = events
      .filter((event) => isEvent(productChanged, event))
      .map(({ version, data: { id, serviceFeeLead } }) => ({ id, lead: serviceFeeLead, version }));
    if (products.length === 0) return;
    await tx.query(
      `INSERT INTO products (id, service_fee_lead, version)
       SELECT DISTINCT ON (id) id, lead, version
       FROM jsonb_to_recordset($1::jsonb) AS told (id uuid, lead text, version int)
       ORDER BY id, version DESC
       ON CONFLICT (id) DO UPDATE SET service_fee_lead = excluded.service_fee_lead, version = excluded.version
       WHERE products.version < excluded.version`,
      [JSON.stringify(products)],
    );
  }

  private async keepEntries(tx: EntityManager, payments: z.output<typeof paymentRecorded.data>[]): Promise<void> {
    await tx.query(
      `INSERT INTO ledger_entries (payment_id, purchase_id, amount, paid_on)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::date[]) ON CONFLICT DO NOTHING`,
      [
        payments.map(({ id }) => id),
        payments.map(({ purchaseId }) => purchaseId),
        payments.map(({ amount }) => amount),
        payments.map(({ paidOn }) => paidOn),
      ],
    );
  }

  private async keepCharges(
    tx: EntityManager,
    purchases: ParsedEvent<z.output<typeof purchaseChanged.data>>[],
  ): Promise<void> {
    const charges = purchases.map(({ version, data }) => ({ ...data, folded: fold(data.productName), version }));
    await tx.query(
      `INSERT INTO charges (purchase_id, customer_id, product_id, product_name, folded_product, payable, sold_on, due_on, voided_on,
         annual_fee, service_ends_on, remind, version)
       SELECT DISTINCT ON (id) id, "customerId", "productId", "productName", folded, payable, "soldOn", "dueOn", "voidedOn",
         "annualFee", "serviceEndsOn", remind, version
       FROM jsonb_to_recordset($1::jsonb) AS told (
         id uuid, "customerId" uuid, "productId" uuid, "productName" text, folded text, payable numeric, "soldOn" date, "dueOn" date,
         "voidedOn" date, "annualFee" numeric, "serviceEndsOn" date, remind boolean, version int)
       ORDER BY id, version DESC
       ON CONFLICT (purchase_id) DO UPDATE SET customer_id = excluded.customer_id, product_id = excluded.product_id, product_name = excluded.product_name,
         folded_product = excluded.folded_product, payable = excluded.payable, sold_on = excluded.sold_on,
         due_on = excluded.due_on, voided_on = excluded.voided_on, annual_fee = excluded.annual_fee,
         service_ends_on = excluded.service_ends_on, remind = excluded.remind, version = excluded.version
       WHERE charges.version < excluded.version`,
      [JSON.stringify(charges)],
    );
  }

  /** What is kept of the balance is reckoned from the entries each time, never added to: it can't drift from them. */
  private async balance(tx: EntityManager, purchaseIds: string[]): Promise<void> {
    await tx.query(
      `UPDATE charges c SET paid = entries.paid,
         settled_on = CASE WHEN entries.paid >= c.payable THEN greatest(c.sold_on, entries.last_paid_on) END
       FROM (
         SELECT t.purchase_id, coalesce(sum(e.amount), 0) AS paid, max(e.paid_on) AS last_paid_on
         FROM unnest($1::uuid[]) AS t (purchase_id) LEFT JOIN ledger_entries e USING (purchase_id)
         GROUP BY t.purchase_id) entries
       WHERE c.purchase_id = entries.purchase_id`,
      [purchaseIds],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ReminderKind, ReminderState, reminderChanged } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';

export type ReminderFact = z.output<typeof reminderChanged.data> & { version: number };

export interface ReminderRow {
  id: string;
  kind: z.output<typeof ReminderKind>;
  customerId: string;
  customerName: string;
  purchaseId: string;
  ownerId: string;
  periodStart: string;
  amount: string;
  state: z.output<typeof ReminderState>;
  until: string | null;
  promiseAmount: string | null;
  promiseOn: string | null;
  note: string | null;
  createdAt: Date;
  version: number;
}

const FACT = `r.id, r.kind, r.customer_id AS "customerId", r.purchase_id AS "purchaseId",
  r.period_start::text AS "periodStart", r.amount::text, r.state, r.version`;

@Injectable()
export class ReminderRepository {
  /**
   * Opens what is to be opened as of a day, of the purchases in these slots; gives what was not there yet.
   *
   * The charges are held until the transaction ends, in one order. A payment that arrives meanwhile waits, and then
   * finds the reminder that it settles; one that came first is seen, because a row that was waited for is judged anew.
   */
  async openDue(
    tx: EntityManager,
    { asOf, serviceEndsUntil, slots }: { asOf: string; serviceEndsUntil: string; slots: number[] },
  ): Promise<ReminderFact[]> {
    return tx.query<ReminderFact[]>(
      `WITH overdue AS (
         SELECT c.purchase_id, c.customer_id, c.due_on, c.payable - c.paid AS balance FROM charges c
         WHERE c.paid < c.payable AND c.voided_on IS NULL AND c.due_on < $1::date
           AND (uuid_hash(c.purchase_id) & 63) = ANY ($3::int[])
           AND NOT EXISTS (SELECT FROM customers k WHERE k.id = c.customer_id AND k.deleted)
           AND NOT EXISTS (
             SELECT FROM reminders r
             WHERE r.kind = 'arrears' AND r.purchase_id = c.purchase_id AND r.period_start = c.due_on)
         ORDER BY c.purchase_id FOR SHARE OF c
       ), ending AS (
         SELECT c.purchase_id, c.customer_id, c.service_ends_on, coalesce(c.annual_fee, 0) AS fee FROM charges c
         WHERE c.remind AND c.voided_on IS NULL AND c.service_ends_on <= $2::date
           AND (uuid_hash(c.purchase_id) & 63) = ANY ($3::int[])
           AND NOT EXISTS (SELECT FROM customers k WHERE k.id = c.customer_id AND k.deleted)
           AND NOT EXISTS (
             SELECT FROM reminders r
             WHERE r.kind = 'service-fee' AND r.purchase_id = c.purchase_id AND r.period_start = c.service_ends_on)
         ORDER BY c.purchase_id FOR SHARE OF c
       )
       INSERT INTO reminders AS r (kind, purchase_id, customer_id, period_start, amount)
       SELECT 'arrears', purchase_id, customer_id, due_on, balance FROM overdue
       UNION ALL
       SELECT 'service-fee', purchase_id, customer_id, service_ends_on, fee FROM ending
       ON CONFLICT ON CONSTRAINT reminders_once DO NOTHING
       RETURNING ${FACT}`,
      [asOf, serviceEndsUntil, slots],
    );
  }

  /**
   * Brings the reminders of these purchases in line with their charges; gives those that changed. What no longer stands
   * (paid, renewed, put off, no longer to be reminded of) is settled, and open again if it stands again, as after a
   * payment that bounced. What somebody has closed stays closed.
   */
  async settle(tx: EntityManager, purchaseIds: string[]): Promise<ReminderFact[]> {
    const [changed] = await tx.query<[ReminderFact[], number]>(
      `UPDATE reminders r SET version = r.version + 1,
         amount = CASE WHEN now.stands THEN now.amount ELSE r.amount END,
         state = CASE WHEN NOT now.stands THEN 'settled' WHEN r.state = 'settled' THEN 'open' ELSE r.state END
       FROM (
         SELECT r.id,
           CASE r.kind WHEN 'arrears' THEN c.payable - c.paid ELSE coalesce(c.annual_fee, 0) END AS amount,
           c.voided_on IS NULL AND CASE r.kind
             WHEN 'arrears' THEN c.paid < c.payable AND c.due_on = r.period_start
             ELSE c.remind AND c.service_ends_on IS NOT DISTINCT FROM r.period_start
           END AS stands
         FROM reminders r JOIN charges c USING (purchase_id)
         WHERE r.purchase_id = ANY ($1) AND r.state <> 'closed') now
       WHERE r.id = now.id
         AND CASE WHEN now.stands THEN r.state = 'settled' OR r.amount <> now.amount ELSE r.state <> 'settled' END
       RETURNING ${FACT}`,
      [purchaseIds],
    );
    return changed;
  }

  /** The earliest period first. */
  async page(
    tx: EntityManager,
    scope: Scope,
    filter: { kind?: string; state?: string; customerId?: string; ownerId?: string; after?: unknown[]; limit: number },
  ): Promise<ReminderRow[]> {
    return tx.query<ReminderRow[]>(
      `SELECT ${FACT}, k.name AS "customerName", k.owner_id AS "ownerId", r.until::text,
         r.promise_amount::text AS "promiseAmount", r.promise_on::text AS "promiseOn", r.note,
         r.created_at AS "createdAt"
       FROM reminders r JOIN customers k ON k.id = r.customer_id
       WHERE ${IN_SCOPE}
         AND ($4::text IS NULL OR r.kind = $4) AND ($5::text IS NULL OR r.state = $5)
         AND ($6::uuid IS NULL OR r.customer_id = $6) AND ($7::uuid IS NULL OR k.owner_id = $7)
         AND ($8::date IS NULL OR (r.period_start, r.id) > ($8, $9::uuid))
       ORDER BY r.period_start, r.id LIMIT $10`,
      [
        ...scopeParameters(scope),
        filter.kind ?? null,
        filter.state ?? null,
        filter.customerId ?? null,
        filter.ownerId ?? null,
        filter.after?.[0] ?? null,
        filter.after?.[1] ?? null,
        filter.limit,
      ],
    );
  }

  async countOpen(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<number> {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM reminders r JOIN customers k ON k.id = r.customer_id
       WHERE r.customer_id = ANY ($4::uuid[]) AND r.state NOT IN ('settled', 'closed') AND ${IN_SCOPE}`,
      [...scopeParameters(scope), customerIds],
    );
    return row!.count;
  }

  async factsAfter(tx: EntityManager, after: string | undefined, limit: number): Promise<ReminderFact[]> {
    return tx.query<ReminderFact[]>(
      `SELECT ${FACT} FROM reminders r WHERE $1::uuid IS NULL OR r.id > $1 ORDER BY r.id LIMIT $2`,
      [after ?? null, limit],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ReminderKind, reminderChanged } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';
import { latestAsked, leadOn, LEADS } from '../service-fee/lead.sql.js';
import type { Standing } from './reminder.rules.js';
import { slotOf, stateOn } from './reminder.sql.js';

/** A reminder as it was written down. */
export interface ReminderFact extends Standing {
  id: string;
  kind: z.output<typeof ReminderKind>;
  customerId: string;
  purchaseId: string;
  periodStart: string;
  amount: string;
  version: number;
}
/** With what was done to it. */
export type ChangedReminder = ReminderFact & { action: NonNullable<z.output<typeof reminderChanged.data>['action']> };

export interface ReminderRow extends ReminderFact {
  customerName: string;
  ownerId: string;
  createdAt: Date;
}

const FACT = `r.id, r.kind, r.customer_id AS "customerId", r.purchase_id AS "purchaseId",
  r.period_start::text AS "periodStart", r.amount::text, r.state, r.until::text,
  r.promise_amount::text AS "promiseAmount", r.promise_on::text AS "promiseOn", r.note, r.version`;
const ROW = `${FACT}, k.name AS "customerName", k.owner_id AS "ownerId", r.created_at AS "createdAt"`;

@Injectable()
export class ReminderRepository {
  /**
   * Opens what is to be opened as of a day, of the purchases in these slots, so many of a kind at most; gives what was
   * not there yet, and whether there may be more. `lead` holds for services whose product has none of its own.
   *
   * The charges are held until the transaction ends, in one order. A payment that arrives meanwhile waits, and then
   * finds the reminder that it settles; one that came first is seen, because a row that was waited for is judged anew. `more` counts what was found, not what was opened: the sweep of
   * another day may have been faster with some of it.
   */
  async openDue(
    tx: EntityManager,
    { asOf, lead, slots, most }: { asOf: string; lead: string; slots: number[]; most: number },
  ): Promise<{ opened: ChangedReminder[]; more: boolean }> {
    const [found] = await tx.query<[{ opened: ChangedReminder[]; more: boolean }]>(
      `WITH overdue AS (
         SELECT c.purchase_id, c.customer_id, c.due_on, c.payable - c.paid AS balance FROM charges c
         WHERE c.paid < c.payable AND c.voided_on IS NULL AND c.due_on < $1::date
           AND ${slotOf('c.purchase_id')} = ANY ($3::int[])
           AND NOT EXISTS (SELECT FROM customers k WHERE k.id = c.customer_id AND k.deleted)
           AND NOT EXISTS (
             SELECT FROM reminders r
             WHERE r.kind = 'arrears' AND r.purchase_id = c.purchase_id AND r.period_start = c.due_on)
         ORDER BY c.purchase_id LIMIT $4 FOR SHARE OF c
       ), ending AS (
         SELECT c.purchase_id, c.customer_id, c.service_ends_on, coalesce(c.annual_fee, 0) AS fee FROM charges c
         ${LEADS}
         WHERE c.remind AND c.voided_on IS NULL AND c.service_ends_on <= ${latestAsked('$1::date', '$2')}
           AND ${leadOn('$2')} <= $1::date AND ${slotOf('c.purchase_id')} = ANY ($3::int[])
           AND NOT EXISTS (SELECT FROM customers k WHERE k.id = c.customer_id AND k.deleted)
           AND NOT EXISTS (
             SELECT FROM reminders r
             WHERE r.kind = 'service-fee' AND r.purchase_id = c.purchase_id AND r.period_start = c.service_ends_on)
         ORDER BY c.purchase_id LIMIT $4 FOR SHARE OF c
       ), opened AS (
         INSERT INTO reminders AS r (kind, purchase_id, customer_id, period_start, amount)
         SELECT 'arrears', purchase_id, customer_id, due_on, balance FROM overdue
         UNION ALL
         SELECT 'service-fee', purchase_id, customer_id, service_ends_on, fee FROM ending
         ON CONFLICT ON CONSTRAINT reminders_once DO NOTHING
         RETURNING ${FACT}, 'opened' AS action
       )
       SELECT coalesce((SELECT json_agg(o) FROM opened o), '[]') AS opened,
         greatest((SELECT count(*) FROM overdue), (SELECT count(*) FROM ending)) = $4 AS more`,
      [asOf, lead, slots, most],
    );
    return found;
  }

  /**
   * Brings the reminders of these purchases in line with their charges; gives those that changed. What no longer stands
   * (paid, renewed, put off, no longer to be reminded of) is settled, and open again if it stands again, as after a
   * payment that bounced; a pause ends with it. What somebody has closed stays closed, also if he does so just now.
   */
  async settle(tx: EntityManager, purchaseIds: string[]): Promise<ChangedReminder[]> {
    const [changed] = await tx.query<[ChangedReminder[], number]>(
      `UPDATE reminders r SET version = r.version + 1,
         amount = CASE WHEN now.stands THEN now.amount ELSE r.amount END,
         state = CASE WHEN NOT now.stands THEN 'settled' WHEN r.state = 'settled' THEN 'open' ELSE r.state END,
         until = CASE WHEN now.stands THEN r.until END
       FROM (
         SELECT r.id,
           CASE r.kind WHEN 'arrears' THEN c.payable - c.paid ELSE coalesce(c.annual_fee, 0) END AS amount,
           c.voided_on IS NULL AND CASE r.kind
             WHEN 'arrears' THEN c.paid < c.payable AND c.due_on = r.period_start
             ELSE c.remind AND c.service_ends_on IS NOT DISTINCT FROM r.period_start
           END AS stands
         FROM reminders r JOIN charges c USING (purchase_id)
         WHERE r.purchase_id = ANY ($1)) now
       WHERE r.id = now.id AND r.state <> 'closed'
         AND CASE WHEN now.stands THEN r.state = 'settled' OR r.amount <> now.amount ELSE r.state <> 'settled' END
       RETURNING ${FACT},
         CASE WHEN new.state = 'settled' THEN 'settled' WHEN old.state = 'settled' THEN 'reopened' ELSE 'adjusted' END
           AS action`,
      [purchaseIds],
    );
    return changed;
  }

  /**
   * Writes down whose pause is over as of a day, of the purchases in these slots. Whoever holds one just now is passed
   * by: a pause is over by its date, written down or not, and the next sweep comes by again.
   */
  async resume(tx: EntityManager, { asOf, slots }: { asOf: string; slots: number[] }): Promise<ChangedReminder[]> {
    const [resumed] = await tx.query<[ChangedReminder[], number]>(
      `UPDATE reminders r SET version = r.version + 1, state = 'open', until = NULL
       WHERE r.id IN (
         SELECT id FROM reminders
         WHERE until <= $1::date AND ${slotOf('purchase_id')} = ANY ($2::int[]) FOR UPDATE SKIP LOCKED)
       RETURNING ${FACT}, 'resumed' AS action`,
      [asOf, slots],
    );
    return resumed;
  }

  async customerOf(tx: EntityManager, id: string): Promise<string | undefined> {
    const [row] = await tx.query<{ customerId: string }[]>(
      `SELECT customer_id AS "customerId" FROM reminders WHERE id = $1`,
      [id],
    );
    return row?.customerId;
  }

  /** Whoever asks has a grant for its customer. */
  async find(tx: EntityManager, id: string): Promise<ReminderRow | undefined> {
    const [row] = await tx.query<ReminderRow[]>(
      `SELECT ${ROW} FROM reminders r JOIN customers k ON k.id = r.customer_id WHERE r.id = $1`,
      [id],
    );
    return row;
  }

  /** The same, held until the transaction ends. */
  async lock(tx: EntityManager, id: string): Promise<ReminderRow | undefined> {
    const [row] = await tx.query<ReminderRow[]>(
      `SELECT ${ROW} FROM reminders r JOIN customers k ON k.id = r.customer_id WHERE r.id = $1 FOR UPDATE OF r`,
      [id],
    );
    return row;
  }

  /** Writes down how a reminder stands that the caller holds; gives its new version. */
  async stand(tx: EntityManager, id: string, standing: Standing): Promise<number> {
    const { state, until, promiseAmount, promiseOn, note } = standing;
    const [[row]] = await tx.query<[[{ version: number }], number]>(
      `UPDATE reminders SET state = $2, until = $3, promise_amount = $4, promise_on = $5, note = $6,
         version = version + 1
       WHERE id = $1 RETURNING version`,
      [id, state, until, promiseAmount, promiseOn, note],
    );
    return row.version;
  }

  /** The earliest period first. */
  async page(
    tx: EntityManager,
    scope: Scope,
    today: string,
    filter: { kind?: string; state?: string; customerId?: string; ownerId?: string; after?: unknown[]; limit: number },
  ): Promise<ReminderRow[]> {
    return tx.query<ReminderRow[]>(
      `SELECT ${ROW} FROM reminders r JOIN customers k ON k.id = r.customer_id
       WHERE ${IN_SCOPE}
         AND ($5::text IS NULL OR r.kind = $5) AND ($6::text IS NULL OR ${stateOn('$4::date')} = $6)
         AND ($7::uuid IS NULL OR r.customer_id = $7) AND ($8::uuid IS NULL OR k.owner_id = $8)
         AND ($9::date IS NULL OR (r.period_start, r.id) > ($9, $10::uuid))
       ORDER BY r.period_start, r.id LIMIT $11`,
      [
        ...scopeParameters(scope),
        today,
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

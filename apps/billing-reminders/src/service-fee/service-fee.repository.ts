import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ServiceFee } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';

type FeeRow = Omit<z.infer<typeof ServiceFee>, 'reminderId'> & { reminderId: string | null };

/** Of whom a fee is asked, as of $4; until $5 it is due. The reminder, if any, is the one for this end date. */
const FEES = `
  SELECT c.purchase_id, c.customer_id, k.name AS customer_name, k.owner_id, c.product_name,
    coalesce(c.annual_fee, 0)::numeric(18,2) AS annual_fee, c.service_ends_on, r.id AS reminder_id,
    CASE
      WHEN r.state = 'closed' THEN 'closed'
      WHEN c.service_ends_on < $4::date THEN 'expired'
      WHEN c.service_ends_on <= $5::date THEN 'due'
      ELSE 'upcoming'
    END AS state
  FROM charges c
  JOIN customers k ON k.id = c.customer_id
  LEFT JOIN reminders r
    ON r.kind = 'service-fee' AND r.purchase_id = c.purchase_id AND r.period_start = c.service_ends_on
  WHERE c.remind AND c.voided_on IS NULL AND ${IN_SCOPE}`;

@Injectable()
export class ServiceFeeRepository {
  /** The first to end comes first. `dueUntil` and `endsUntil`: the last end dates that are due, and that are shown. */
  async page(
    tx: EntityManager,
    scope: Scope,
    dates: { today: string; dueUntil: string; endsUntil: string },
    filter: { state?: string; ownerId?: string; after?: unknown[]; limit: number },
  ): Promise<FeeRow[]> {
    return tx.query<FeeRow[]>(
      `SELECT purchase_id AS "purchaseId", customer_id AS "customerId", customer_name AS "customerName",
         owner_id AS "ownerId", product_name AS "productName", annual_fee::text AS "annualFee",
         service_ends_on::text AS "serviceEndsOn", service_ends_on - $4::date AS "daysLeft", state,
         reminder_id AS "reminderId"
       FROM (${FEES}) fees
       WHERE service_ends_on <= $6::date AND ($7::text IS NULL OR state = $7) AND ($8::uuid IS NULL OR owner_id = $8)
         AND ($9::date IS NULL OR (service_ends_on, purchase_id) > ($9, $10::uuid))
       ORDER BY service_ends_on, purchase_id LIMIT $11`,
      [
        ...scopeParameters(scope),
        dates.today,
        dates.dueUntil,
        dates.endsUntil,
        filter.state ?? null,
        filter.ownerId ?? null,
        filter.after?.[0] ?? null,
        filter.after?.[1] ?? null,
        filter.limit,
      ],
    );
  }

  /** What ends from one day to another. */
  async endingBetween(tx: EntityManager, scope: Scope, from: string, until: string) {
    const [sums] = await tx.query<{ count: number; amount: string }[]>(
      `SELECT count(*)::int AS count, coalesce(sum(annual_fee), 0)::numeric(20,2)::text AS amount
       FROM (${FEES}) fees
       WHERE service_ends_on BETWEEN $4::date AND $5::date AND state <> 'closed'`,
      [...scopeParameters(scope), from, until],
    );
    return sums!;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ServiceFee, ServiceFeeForecast } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { sumOf } from '../arrears/arrears.sql.js';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';
import { latestAsked, leadOn, LEADS } from './lead.sql.js';

type FeeRow = Omit<z.infer<typeof ServiceFee>, 'reminderId'> & { reminderId: string | null };

/** Of whom a fee is asked, as of $4, with the lead $5 unless the product has its own. The reminder is for this end date. */
const FEES = `
  SELECT c.purchase_id, c.customer_id, k.name AS customer_name, k.owner_id, c.product_name,
    coalesce(c.annual_fee, 0)::numeric(18,2) AS annual_fee, c.service_ends_on, ${leadOn('$5')} AS lead_on,
    r.id AS reminder_id,
    CASE
      WHEN r.state = 'closed' THEN 'closed'
      WHEN c.service_ends_on < $4::date THEN 'expired'
      WHEN ${leadOn('$5')} <= $4::date THEN 'due'
      ELSE 'upcoming'
    END AS state
  FROM charges c
  JOIN customers k ON k.id = c.customer_id
  ${LEADS}
  LEFT JOIN reminders r
    ON r.kind = 'service-fee' AND r.purchase_id = c.purchase_id AND r.period_start = c.service_ends_on
  WHERE c.remind AND c.voided_on IS NULL AND ${IN_SCOPE}`;

@Injectable()
export class ServiceFeeRepository {
  /** The first to end comes first. Until `endsUntil`, or else those whose lead date has come. */
  async page(
    tx: EntityManager,
    scope: Scope,
    { today, lead, endsUntil }: { today: string; lead: string; endsUntil?: string },
    filter: { state?: string; ownerId?: string; after?: unknown[]; limit: number },
  ): Promise<FeeRow[]> {
    return tx.query<FeeRow[]>(
      `SELECT purchase_id AS "purchaseId", customer_id AS "customerId", customer_name AS "customerName",
         owner_id AS "ownerId", product_name AS "productName", annual_fee::text AS "annualFee",
         service_ends_on::text AS "serviceEndsOn", service_ends_on - $4::date AS "daysLeft", state,
         reminder_id AS "reminderId"
       FROM (${FEES}) fees
       WHERE service_ends_on <= coalesce($6::date, ${latestAsked('$4::date', '$5')})
         AND ($6::date IS NOT NULL OR lead_on <= $4::date) AND ($7::text IS NULL OR state = $7) AND ($8::uuid IS NULL OR owner_id = $8)
         AND ($9::date IS NULL OR (service_ends_on, purchase_id) > ($9, $10::uuid))
       ORDER BY service_ends_on, purchase_id LIMIT $11`,
      [
        ...scopeParameters(scope),
        today,
        lead,
        endsUntil ?? null,
        filter.state ?? null,
        filter.ownerId ?? null,
        filter.after?.[0] ?? null,
        filter.after?.[1] ?? null,
        filter.limit,
      ],
    );
  }

  /** What ends from today within 30, 60 and 90 days. */
  async forecast(tx: EntityManager, scope: Scope, today: string, lead: string): Promise<ServiceFeeForecast> {
    const within = (days: number) => {
      const filter = `service_ends_on <= $4::date + ${days}`;
      return `jsonb_build_object('count', count(*) FILTER (WHERE ${filter}), 'amount', ${sumOf('annual_fee', filter)})`;
    };
    const [sums] = await tx.query<ServiceFeeForecast[]>(
      `SELECT ${within(30)} AS d30, ${within(60)} AS d60, ${within(90)} AS d90 FROM (${FEES}) fees
       WHERE service_ends_on BETWEEN $4::date AND $4::date + 90 AND state <> 'closed'`,
      [...scopeParameters(scope), today, lead],
    );
    return sums!;
  }
}

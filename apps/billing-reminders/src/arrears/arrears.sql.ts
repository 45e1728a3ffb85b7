import type { Scope } from '#contracts/context';
import { BUCKETS } from '#contracts/billing';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';
import { LAST_DAY } from './arrears.rules.js';

const bucketOf = (days: string) =>
  BUCKETS.map((bucket) => {
    const until = LAST_DAY[bucket];
    return Number.isFinite(until) ? `WHEN ${days} <= ${until} THEN '${bucket}'` : `ELSE '${bucket}'`;
  }).join(' ');

/**
 * Purchases with a balance as of a day, of the customers in the scope ($1 to $3). Charges, payments and voids count by
 * their business dates up to that day; owners are those of now.
 *
 * One way for every date: the balance is summed from the ledger. That stays cheap with a long history, because
 * `settled_on` leaves out what had been paid in full by that day, and hardly changes the answer's cost with its age.
 */
export const arrearsAsOf = (day: string) => `
  SELECT c.purchase_id, c.customer_id, k.name AS customer_name, k.folded_name, k.owner_id, c.product_name,
    c.folded_product, c.payable, entries.paid, c.payable - entries.paid AS balance, c.sold_on, c.due_on,
    ${day} - c.due_on AS days_past_due, CASE ${bucketOf(`${day} - c.due_on`)} END AS bucket
  FROM charges c
  JOIN customers k ON k.id = c.customer_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount), 0)::numeric(18,2) AS paid
    FROM ledger_entries e WHERE e.purchase_id = c.purchase_id AND e.paid_on <= ${day}) entries
  WHERE c.sold_on <= ${day} AND (c.voided_on IS NULL OR c.voided_on > ${day})
    AND (c.settled_on IS NULL OR c.settled_on > ${day})
    AND entries.paid < c.payable
    AND ${IN_SCOPE}`;

/** As of $4. */
export const ARREARS = arrearsAsOf('$4::date');

export const arrearsParameters = (scope: Scope, asOf: string): unknown[] => [...scopeParameters(scope), asOf];

/** A sum of money as text, `0.00` of nothing. */
export const sumOf = (expression: string, filter = 'true') =>
  `coalesce(sum(${expression}) FILTER (WHERE ${filter}), 0)::numeric(20,2)::text`;

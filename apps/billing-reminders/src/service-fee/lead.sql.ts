/**
 * The day from which the fee of the charge `c` is asked for: its product's lead before the service ends, or else the
 * organisation's. In months it is the same day of the month, or the month's last. Queries that use it join `LEADS`.
 */
export const leadOn = (usual: string) =>
  `(c.service_ends_on - coalesce(p.service_fee_lead, ${usual}::text)::interval)::date`;

export const LEADS = `LEFT JOIN products p ON p.id = c.product_id`;

/**
 * No service that ends later is asked for as of a day, whatever its lead: what an index can look for. A month's surplus
 * days count back to its last, and there are three at most.
 */
export const latestAsked = (day: string, usual: string) => `(
  SELECT (max(${day} + lead::interval) + interval '3 days')::date
  FROM (SELECT service_fee_lead FROM products WHERE service_fee_lead IS NOT NULL UNION SELECT ${usual}::text) leads (lead))`;

/** What customers are counted by, as SQL over a customer `c`. */
export const VALUE = {
  status: `c.status_id::text`,
  month: `to_char(c.created_on, 'YYYY-MM')`,
  tag: `unnest(c.tags)`,
} as const;
export type Kind = keyof typeof VALUE;
const KINDS = Object.keys(VALUE) as Kind[];

/** What the customers of a table count, `step` each. Those in the bin don't. */
export const countedBy = (table: string, step: 1 | -1): string =>
  KINDS.map(
    (kind) => `SELECT '${kind}' AS kind, c.owner_id, ${VALUE[kind]} AS value, ${step} AS step
      FROM ${table} c WHERE c.deleted_at IS NULL`,
  ).join(' UNION ALL ');

/** What `customer_counts` must hold, counted from the customers themselves. */
export const COUNTED_ANEW = `
  SELECT kind, owner_id, value, count(*)::int AS count FROM (${countedBy('customers', 1)}) counted
  GROUP BY kind, owner_id, value`;

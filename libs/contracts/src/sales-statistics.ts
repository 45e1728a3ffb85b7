import { z } from 'zod';
import { Id, teamQuery } from './common.js';
import { Scope } from './context.js';
import { rpc } from './rpc.js';

const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'A month such as 2026-03');

/** So many months are told at once. */
export const MOST_MONTHS = 120;

export const SalesStatisticsQuery = z.strictObject({
  ...teamQuery,
  /** Left out: eleven months before `to`. */
  from: Month.optional(),
  /** Left out: this month. */
  to: Month.optional(),
  groupBy: z.enum(['owner', 'team']).optional(),
});

/** What was sold in a month, by the day of the sale; void purchases don't count. */
const MonthSales = z.object({ month: z.string(), purchases: z.int(), amount: z.string() });
const months = z.array(MonthSales);
export const SalesStatistics = z.object({
  currency: z.string(),
  /** Each month of the span, also one without sales. */
  months,
  /** Of those who sold something in the span, by the owners of now. */
  owners: z.array(z.object({ ownerId: Id, username: z.string(), ownerName: z.string(), months })).optional(),
  /** By the owners' teams of now; `null` is those without one. */
  teams: z.array(z.object({ teamId: Id.nullable(), months })).optional(),
});
export type SalesStatistics = z.infer<typeof SalesStatistics>;
/** Refused with `rule-violated/months-out-of-range` for a span that ends before it begins, or is longer than that. */
export const summarizeSales = rpc('billing.statistics.sales', {
  input: SalesStatisticsQuery.extend({ scope: Scope }),
  output: SalesStatistics,
});

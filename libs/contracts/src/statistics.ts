import { z } from 'zod';
import { Id } from './common.js';
import { rpc } from './rpc.js';

export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'A month such as 2026-03');

export const Funnel = z.object({
  items: z.array(
    z.object({
      statusId: Id,
      name: z.string(),
      color: z.string().optional(),
      position: z.int(),
      count: z.int(),
    }),
  ),
});
/** Customers by status, in the statuses' order. */
export const customerFunnel = rpc('customers.statistics.funnel', { input: z.strictObject({}), output: Funnel });

/** Left out: the twelve months up to now. */
export const MonthsQuery = z.strictObject({
  from: Month.optional(),
  to: Month.optional(),
  groupBy: z.enum(['owner', 'team']).optional(),
});
/** Each month of the range; grouped, only those in which there was something. */
export const NewCustomersByMonth = z.object({
  items: z.array(
    z.object({
      month: Month,
      ownerId: Id.optional(),
      ownerName: z.string().optional(),
      /** The owners' team of now; `null` is those without one. */
      teamId: Id.nullable().optional(),
      count: z.int(),
    }),
  ),
});
/** New customers by the month of their created-on date. */
export const countNewCustomers = rpc('customers.statistics.new-customers', {
  input: MonthsQuery,
  output: NewCustomersByMonth,
});

export const CustomerTags = z.object({
  items: z.array(z.object({ tag: z.string(), count: z.int() })),
  nextCursor: z.null(),
});
/** The tags of the customers in the caller's view, the most frequent first. */
export const listTags = rpc('customers.statistics.tags', { input: z.strictObject({}), output: CustomerTags });

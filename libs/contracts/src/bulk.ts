import { z } from 'zod';
import { Id, Tag } from './common.js';
import { ErrorBody } from './errors.js';
import { rpc } from './rpc.js';

export const BulkAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set-status'), statusId: Id }),
  z.strictObject({ type: z.literal('add-tag'), tag: Tag }),
  z.strictObject({ type: z.literal('remove-tag'), tag: Tag }),
]);
export type BulkAction = z.infer<typeof BulkAction>;
export const BulkEdit = z.strictObject({ customerIds: z.array(Id).min(1).max(1_000), action: BulkAction });

/** A result for each customer named, in that order; one that may not be touched fails alone. */
export const editCustomers = rpc('customers.customer.bulk', {
  input: BulkEdit,
  output: z.object({
    results: z.array(z.object({ customerId: Id, ok: z.boolean(), error: ErrorBody.optional() })),
    succeeded: z.int(),
    failed: z.int(),
  }),
});

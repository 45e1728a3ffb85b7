import { z } from 'zod';
import { Id } from './common.js';
import { rpc } from './rpc.js';

/** What a delegate did in his owner's name, for when it is handed back. */
export const DelegationSummary = z.object({
  delegationId: Id,
  /** The most frequent first. */
  counts: z.array(z.object({ resource: z.string(), action: z.string(), count: z.int() })),
  /** Those that the caller sees today, at most 200, the busiest first. */
  customers: z.array(z.object({ customerId: Id, name: z.string(), entries: z.int() })),
  /** How many entries of the log there are in all. */
  entries: z.int(),
});
export type DelegationSummary = z.infer<typeof DelegationSummary>;

/** For whomever the delegation concerns. Errors: `not-found`. */
export const summarizeDelegation = rpc('customers.delegation.summarize', {
  input: z.strictObject({ delegationId: Id }),
  output: DelegationSummary,
});

import { z } from 'zod';
import { Id, Timestamp } from './common.js';
import { rpc, svc } from './rpc.js';

/** What a live event says: which thing changed, and never how. Who is told asks for it, and is judged again. */
export const LiveChange = z.object({
  /** `removed`: deleted, or not in the caller's view any more. */
  type: z.enum(['created', 'updated', 'removed']),
  resource: z.enum([
    'contact',
    'customer',
    'delegation',
    'follow-up',
    'payment',
    'product',
    'purchase',
    'quote',
    'reminder',
    'status',
    'team',
    'user',
  ]),
  id: Id,
  customerId: Id.optional(),
  /** Left out where it is only the view that changed. */
  version: z.int().optional(),
});
export type LiveChange = z.infer<typeof LiveChange>;

/** Those of the sessions that are alive, with their users enabled: for streams, which are many and long. */
export const checkSessions = rpc('auth.session.check-many', {
  input: z.strictObject({ sessionIds: z.array(Id).max(1_000) }),
  output: z.object({ active: z.array(Id) }),
  anonymous: true,
  timeout: 1_500,
});

/** Whose the customers are, for events that don't tell. One that is not known is not in the answer. */
export const findOwners = svc('gateway.customers.customer.owners', {
  input: z.strictObject({ customerIds: z.array(Id).max(500) }),
  output: z.object({ customers: z.array(z.object({ id: Id, ownerId: Id, deleted: z.boolean() })) }),
});

/**
 * Whose view changed by the clock alone: delegates of whom a delegation has begun or run out since `since`, by the
 * clock of the database that judges it. Without `since` it only tells what time it is there.
 */
export const findTurned = svc('gateway.customers.delegation.turned', {
  input: z.strictObject({ since: Timestamp.optional() }),
  output: z.object({ asOf: Timestamp, delegateIds: z.array(Id) }),
});

import { z } from 'zod';
import { Id, Timestamp, line, pageOf, pageQuery } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

export const Delegation = z.object({
  id: Id,
  ownerId: Id,
  delegateId: Id,
  scope: z.enum(['customers', 'all']),
  customerIds: z.array(Id),
  startsAt: Timestamp,
  endsAt: Timestamp.nullable(),
  reason: z.string(),
  state: z.enum(['scheduled', 'active', 'expired', 'revoked']),
  revokedAt: Timestamp.optional(),
});
export type Delegation = z.infer<typeof Delegation>;
export const NewDelegation = z
  .strictObject({
    /** Named by the administrator alone. */
    ownerId: Id.optional(),
    delegateId: Id,
    customerIds: z.array(Id).min(1).max(10_000).optional(),
    scope: z.literal('all').optional(),
    /** Left out: now. */
    startsAt: Timestamp.optional(),
    endsAt: Timestamp.nullable().optional(),
    reason: line(500),
  })
  .refine((input) => (input.customerIds === undefined) !== (input.scope === undefined), {
    path: ['customerIds'],
    message: 'Either customerIds or scope "all"',
  });
export const DelegationQuery = z.strictObject({ ...pageQuery, direction: z.enum(['given', 'received']).optional() });
export const listDelegations = rpc('customers.delegation.list', { input: DelegationQuery, output: pageOf(Delegation) });
export const createDelegation = rpc('customers.delegation.create', { input: NewDelegation, output: Delegation });
export const revokeDelegation = rpc('customers.delegation.revoke', {
  input: z.strictObject({ delegationId: Id }),
  output: Delegation,
});

export const delegationChanged = event(
  'customers.delegation.changed',
  z.object({
    id: Id,
    ownerId: Id,
    delegateId: Id,
    scope: z.enum(['customers', 'all']),
    customerIds: z.array(Id),
    startsAt: Timestamp,
    endsAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    action: z.enum(['given', 'revoked', 'ended-by-transfer', 'ended-by-hand-over', 'resumed', 'republished']),
  }),
);

import type { z } from 'zod';
import type { findCustomers } from '#contracts/customers';
import type { Doer } from '#contracts/event';

export type Customer = z.output<typeof findCustomers.output>['customers'][number];

/** Who imports something for this customer: under a delegation, for its owner. */
export function doerFor({ userId }: { userId: string }, { via, ownerId, delegationId }: Customer): Doer {
  return via === 'delegate' ? { userId, forUserId: ownerId, delegationId } : { userId };
}

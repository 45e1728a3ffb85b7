import { AppError } from '#contracts/errors';
import { checkMayOwn, type Person } from '../user/user.rules.js';

export interface WantedDelegation {
  ownerId: string;
  delegateId: string;
  startsAt: Date;
  endsAt: Date | null;
}

/**
 * Whether this may be delegated to him for that time. Errors, all `rule-violated`: `delegation-to-oneself`,
 * `delegate-disabled`, `delegate-may-not-act` (finance), `delegation-ends-before-it-starts`,
 * `delegation-ends-in-the-past`; and those of an owner who is disabled or may own nothing.
 */
export function checkDelegation(
  { ownerId, delegateId, startsAt, endsAt }: WantedDelegation,
  people: { owner: Person | undefined; delegate: Person | undefined },
  now: Date,
): void {
  checkMayOwn(people.owner, '/ownerId');
  if (delegateId === ownerId) throw new AppError('rule-violated', 'delegation-to-oneself');
  checkMayOwn(people.delegate, '/delegateId', { disabled: 'delegate-disabled', role: 'delegate-may-not-act' });
  if (!endsAt) return;
  if (endsAt <= startsAt) throw new AppError('rule-violated', 'delegation-ends-before-it-starts');
  if (endsAt <= now) throw new AppError('rule-violated', 'delegation-ends-in-the-past');
}

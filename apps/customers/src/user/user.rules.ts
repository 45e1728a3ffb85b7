import type { Role } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { fieldFault } from '../field-fault.js';

/** What decides whether somebody may have customers. */
export interface Person {
  role: Role;
  active: boolean;
}

/**
 * Whoever is to own customers must be there and active, and not of finance, which reads everybody's and owns none.
 * Errors: an unknown user at `pointer`; `rule-violated` with one of the slugs.
 */
export function checkMayOwn(
  user: Person | undefined,
  pointer: string,
  slugs: { disabled: string; role: string } = { disabled: 'owner-disabled', role: 'may-not-own' },
): asserts user is Person {
  if (!user) throw fieldFault(pointer, 'unknown-user', 'No such user');
  if (!user.active) throw new AppError('rule-violated', slugs.disabled);
  if (user.role === 'finance') throw new AppError('rule-violated', slugs.role);
}

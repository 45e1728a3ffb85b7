import { AppError } from '#contracts/errors';
import { checkMayOwn, type Person } from '../user/user.rules.js';

/** What one of the receivers gets. */
export interface Share<C> {
  userId: string;
  customers: C[];
}

/**
 * Whoever is to receive must be able to own, and not be the leaver. Errors: those of `checkMayOwn`,
 * `rule-violated/receiver-is-leaver`.
 */
export function checkReceivers(
  leaverId: string,
  receivers: readonly { id: string; person: Person | undefined }[],
): void {
  for (const [n, { id, person }] of receivers.entries()) {
    if (id === leaverId) throw new AppError('rule-violated', 'receiver-is-leaver');
    checkMayOwn(person, `/toUserIds/${n}`);
  }
}

/** Deals out in turn: of any two receivers one has at most one more. */
export function dealt<C>(customers: readonly C[], receivers: readonly string[]): Share<C>[] {
  return receivers.map((userId, place) => ({
    userId,
    customers: customers.filter((_, n) => n % receivers.length === place),
  }));
}

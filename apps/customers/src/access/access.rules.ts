import { AppError, forbidden, notFound } from '#contracts/errors';
import type { HeldCustomer, Judged } from './visible.sql.js';

/** Whether an owner's customers are the actor's to give away or to delegate: his own, or of those whom he manages. */
export const disposesOf = ({ userId, role, manages = [] }: Judged, ownerId: string): boolean =>
  role === 'administrator' || ownerId === userId || manages.includes(ownerId);

/**
 * All of the customers wanted must be there to be given away or delegated: all or nothing.
 * Errors: `not-found` if one isn't visible, `forbidden/not-owner` if one isn't his to dispose of,
 * `rule-violated/customer-deleted`.
 */
export function checkDisposable(actor: Judged, wanted: readonly string[], held: readonly HeldCustomer[]): void {
  const visible = new Set(held.filter((customer) => customer.visible).map(({ id }) => id));
  if (!wanted.every((id) => visible.has(id))) throw notFound();
  if (!held.every(({ ownerId }) => disposesOf(actor, ownerId))) throw forbidden('not-owner');
  if (held.some(({ deleted }) => deleted)) throw new AppError('rule-violated', 'customer-deleted');
}

/** What others own stays inside a manager's teams; his own he gives to whom he likes. Errors: `forbidden/outside-teams`. */
export function checkReceiver(
  { userId, role, manages = [] }: Judged,
  owners: readonly string[],
  receiver: string,
): void {
  const others = owners.some((owner) => owner !== userId);
  if (role === 'manager' && others && !manages.includes(receiver)) throw forbidden('outside-teams');
}

import { AppError, forbidden, notFound } from '#contracts/errors';
import type { HeldCustomer, Judged } from './visible.sql.js';

/**
 * All of the customers wanted must be there to be given away or delegated: all or nothing.
 * Errors: `not-found` if one isn't visible, `forbidden/not-owner` if one is another's (the administrator may dispose of
 * all), `rule-violated/customer-deleted`.
 */
export function checkDisposable(actor: Judged, wanted: readonly string[], held: readonly HeldCustomer[]): void {
  const visible = new Set(held.filter((customer) => customer.visible).map(({ id }) => id));
  if (!wanted.every((id) => visible.has(id))) throw notFound();
  if (actor.role !== 'administrator' && held.some(({ ownerId }) => ownerId !== actor.userId)) {
    throw forbidden('not-owner');
  }
  if (held.some(({ deleted }) => deleted)) throw new AppError('rule-violated', 'customer-deleted');
}

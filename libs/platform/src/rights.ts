import { can, relationAllows, type Permission, type Relation } from '#access/permissions';
import { forbidden, notFound } from '#contracts/errors';
import type { Call } from '#messaging/handles';

// The gateway has let the call through; the service looks once more.

/** Errors: `forbidden`. */
export function assertRole(call: Pick<Call, 'actor'>, permission: Permission): void {
  if (!can(call.actor, permission)) throw forbidden();
}

/** Errors: `forbidden`; `not-found` for another customer than the one that the grant was given for. */
export function assertGrant(
  call: Pick<Call, 'actor' | 'grant'>,
  customerId: string,
  permission: Permission,
  relation: Relation,
): void {
  assertRole(call, permission);
  if (call.grant?.customerId !== customerId) throw notFound();
  if (!relationAllows(call.grant, relation)) throw forbidden();
}

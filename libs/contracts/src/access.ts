import { z } from 'zod';
import { Id, teamQuery } from './common.js';
import { Grant, Scope } from './context.js';
import { event } from './event.js';
import { rpc, svc } from './rpc.js';

export const ScopePart = z.enum(['own', 'delegated']);
export type ScopePart = z.infer<typeof ScopePart>;

/** The grant of the caller for one customer, or `not-found`. A deleted customer is found by the administrator alone. */
export const resolveAccess = rpc('customers.access.resolve', {
  input: z.strictObject({ customerId: Id }),
  output: Grant,
  timeout: 2_000,
});
/**
 * What the caller sees in lists and sums, as of now; or the part of it that is his own (what he owns, manages or
 * administers: that he may take away), or the part that is only delegated to him. With a team: what of it belongs to
 * owners in that team or below it.
 */
export const resolveScope = rpc('customers.access.scope', {
  input: z.strictObject({ part: ScopePart.optional(), ...teamQuery }),
  output: z.object({
    scope: Scope,
  }),
  timeout: 2_000,
});
/** The same for a digest's recipient; asked just before it is rendered. */
export const resolveScopeOf = svc('billing.customers.access.scope-of', {
  input: z.strictObject({ userId: Id }),
  output: resolveScope.output,
});

/** An owner's access version as it stands; published by `republish`, and taken as it is. */
export const accessVersionStated = event('customers.access.stated', z.object({ ownerId: Id, accessVersion: z.int() }));

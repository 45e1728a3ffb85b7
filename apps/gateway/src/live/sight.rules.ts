import { can } from '#access/permissions';
import type { Actor, Scope } from '#contracts/context';
import type { LiveChange } from '#contracts/live';
import type { Change } from './tidings.js';

/** A scope that is asked of each change. */
export interface Sight {
  all: boolean;
  owners: ReadonlySet<string>;
  customers: ReadonlySet<string>;
}

export const sightOf = (scope: Scope): Sight =>
  scope.all
    ? { all: true, owners: new Set(), customers: new Set() }
    : { all: false, owners: new Set(scope.owners.map(({ id }) => id)), customers: new Set(scope.customerIds) };

/**
 * What a change is to somebody with this sight: the same, something that came into his view, or that left it. Undefined:
 * nothing that he may learn of.
 */
export function asSeenBy(actor: Actor, sight: Sight, change: Change): LiveChange | undefined {
  const { type, resource, id, customerId, version } = change;
  const told = (type: LiveChange['type']) => ({ type, resource, id, ...(customerId && { customerId }), version });
  if (!can(actor, change.permission)) return undefined;
  if (change.userIds) return sight.all || change.userIds.includes(actor.userId) ? told(type) : undefined;
  if (customerId === undefined) return told(type);

  const holds = (ownerId = '') => sight.all || sight.customers.has(customerId) || sight.owners.has(ownerId);
  const sees = holds(change.ownerId);
  const saw = change.formerOwnerId === undefined ? sees : holds(change.formerOwnerId);
  if (change.deleted && type !== 'removed') return sees && can(actor, 'customers.restore') ? told(type) : undefined;
  if (saw && sees) return told(type);
  if (saw) return told('removed');
  return sees ? told('created') : undefined;
}

/** More than so many are not named one by one. */
const NAMED = 100;

/** What a new sight does to a view: customers that left it and came into it, or more than can be named. */
export function difference(before: Sight, after: Sight): LiveChange[] | 'at-large' {
  const without = (some: ReadonlySet<string>, others: ReadonlySet<string>) => [...some].filter((id) => !others.has(id));
  const told = (type: LiveChange['type']) => (id: string) =>
    ({ type, resource: 'customer', id, customerId: id }) as const;
  const owners = [...without(before.owners, after.owners), ...without(after.owners, before.owners)];
  const customers = [
    ...without(before.customers, after.customers).map(told('removed')),
    ...without(after.customers, before.customers).map(told('created')),
  ];
  return before.all !== after.all || owners.length > 0 || customers.length > NAMED ? 'at-large' : customers;
}

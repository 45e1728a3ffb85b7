import type { Scope } from '#contracts/context';

/**
 * Which customers a query shows, as customers itself told for this actor and this moment. Queries that use it call the
 * customer `k` and give the scope as $1 to $3 (`scopeParameters`).
 */
export const IN_SCOPE = `
  NOT k.deleted AND ($1::boolean OR k.owner_id = ANY ($2::uuid[]) OR k.id = ANY ($3::uuid[]))`;

export const scopeParameters = (scope: Scope): [all: boolean, owners: string[], customerIds: string[]] =>
  scope.all ? [true, [], []] : [false, scope.owners.map(({ id }) => id), scope.customerIds];

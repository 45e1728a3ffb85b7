import type { components } from '#client/schema';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

export type Delegation = components['schemas']['Delegation'];

/** Those that the user gave or received, the newest first. */
export const delegationsQuery = queryOptions({
  queryKey: ['delegations'],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.get('/delegations', { params: { query: { limit: 200, cursor } }, signal })),
});

export const concerns = (delegation: Delegation, customer: { id: string; ownerId: string }): boolean =>
  delegation.scope === 'all' ? delegation.ownerId === customer.ownerId : delegation.customerIds.includes(customer.id);

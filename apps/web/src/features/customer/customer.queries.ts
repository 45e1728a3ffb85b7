import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { windowed } from '../../api/paged.js';
import type { CustomersState } from './useCustomersState.js';

export type Customer = components['schemas']['Customer'];

const PAGE = 200;

export const tagsQuery = queryOptions({
  queryKey: ['customer-tags'],
  queryFn: ({ signal }) => client.get('/customer-tags', { signal }),
});
export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  queryFn: ({ signal }) => client.get('/custom-fields', { signal }),
  staleTime: 300_000,
});

/** The filters of zone 2, as the API takes them. */
export function filterOf(state: CustomersState) {
  const { status, q, sort, owner, team, tag, relation, createdFrom, createdTo, noFollowUpSince, deleted } = state;
  return {
    statusId: status,
    ownerId: owner,
    teamId: team,
    q: q || undefined,
    sort: sort as 'name' | undefined,
    tag: tag === undefined ? undefined : [tag],
    relation: relation as 'owned' | undefined,
    createdFrom,
    createdTo,
    noFollowUpSince,
    deleted: deleted === 'true' || undefined,
  };
}
export type CustomerFilter = ReturnType<typeof filterOf>;

/** Page after page, as one scrolls. */
export const customersQuery = (filter: CustomerFilter) =>
  infiniteQueryOptions({
    queryKey: ['customers', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, cursor: pageParam.at(-1) };
      return client.get('/customers', { params: { query }, signal });
    },
    ...windowed,
  });

export const customerQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['customer', customerId],
    queryFn: ({ signal }) => client.get('/customers/{customerId}', { params: { path: { customerId } }, signal }),
  });

export const useCustomer = (customerId: string | undefined) =>
  useQuery({ ...customerQuery(customerId ?? ''), enabled: customerId !== undefined });

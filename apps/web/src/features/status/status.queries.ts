import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';

export type CustomerStatus = components['schemas']['CustomerStatus'];

export const statusesQuery = queryOptions({
  queryKey: ['customer-statuses'],
  queryFn: ({ signal }) => client.get('/customer-statuses', { signal }),
});

const NONE: CustomerStatus[] = [];
export const useStatuses = (): CustomerStatus[] => useQuery(statusesQuery).data?.items ?? NONE;

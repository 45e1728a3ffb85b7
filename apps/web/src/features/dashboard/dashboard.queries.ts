import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';

/** Kept counters: cheap to ask, and near enough for a look at the whole. */
const staleTime = 60_000;

export const funnelQuery = queryOptions({
  queryKey: ['statistics', 'funnel'],
  queryFn: ({ signal }) => client.get('/statistics/funnel', { signal }),
  staleTime,
});
export const newCustomersQuery = queryOptions({
  queryKey: ['statistics', 'new-customers'],
  queryFn: ({ signal }) => client.get('/statistics/new-customers', { signal }),
  staleTime,
});
export const salesQuery = queryOptions({
  queryKey: ['statistics', 'sales'],
  queryFn: ({ signal }) => client.get('/statistics/sales', { signal }),
  staleTime,
});

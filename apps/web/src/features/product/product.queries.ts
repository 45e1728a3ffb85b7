import type { components } from '#client/schema';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

export type Product = components['schemas']['Product'];

export const categoriesQuery = queryOptions({
  queryKey: ['product-categories'],
  queryFn: ({ signal }) => client.get('/product-categories', { signal }),
  staleTime: 300_000,
});

export const productsQuery = (filter: { categoryId?: string; q?: string; active?: boolean }) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/products', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    ...paged,
  });

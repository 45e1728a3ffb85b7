import type { components } from '#client/schema';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

export type Purchase = components['schemas']['Purchase'];
export type Payment = components['schemas']['Payment'];
export const METHODS = ['transfer', 'cash', 'card', 'wechat', 'alipay', 'other'] as const;

export const purchasesQuery = (customerId: string, includeVoided: boolean) =>
  queryOptions({
    queryKey: ['purchases', customerId, includeVoided],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.get('/customers/{customerId}/purchases', {
          params: { path: { customerId }, query: { limit: 200, cursor, includeVoided } },
          signal,
        }),
      ),
  });

export const paymentsQuery = ({ customerId, id }: Purchase) =>
  queryOptions({
    queryKey: ['payments', id],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.get('/customers/{customerId}/purchases/{purchaseId}/payments', {
          params: { path: { customerId, purchaseId: id }, query: { limit: 200, cursor } },
          signal,
        }),
      ),
  });

/** What this customer was last offered or sold these products for, by product. */
export const lastPricesQuery = (customerId: string, productIds: string[]) =>
  queryOptions({
    queryKey: ['last-prices', customerId, productIds],
    queryFn: async ({ signal }) => {
      const { items } = await client.get('/customers/{customerId}/last-prices', {
        params: { path: { customerId }, query: { productId: productIds } },
        signal,
      });
      return new Map(items.map((price) => [price.productId, price]));
    },
    enabled: productIds.length > 0,
  });

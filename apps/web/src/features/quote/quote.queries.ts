import type { components } from '#client/schema';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

export type Quote = components['schemas']['Quote'];
/** Those that somebody sets; the others come about. */
export const SET_STATES = ['draft', 'sent', 'accepted', 'rejected'] as const;

export const quotesQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['quotes', customerId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.get('/customers/{customerId}/quotes', {
          params: { path: { customerId }, query: { limit: 200, cursor } },
          signal,
        }),
      ),
  });

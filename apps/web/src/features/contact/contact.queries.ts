import type { components } from '#client/schema';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

export type Contact = components['schemas']['Contact'];

export const contactsQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['contacts', customerId],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        client.get('/customers/{customerId}/contacts', {
          params: { path: { customerId }, query: { limit: 200, cursor } },
          signal,
        }),
      ),
  });

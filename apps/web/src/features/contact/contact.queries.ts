import { queryOptions } from '@tanstack/react-query';
import type { Contact } from '#contracts/contacts';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

export type { Contact };

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

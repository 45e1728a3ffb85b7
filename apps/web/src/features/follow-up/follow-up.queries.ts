import { infiniteQueryOptions } from '@tanstack/react-query';
import type { DueFollowUp } from '#contracts/follow-ups';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

export type { DueFollowUp };

export const dueFollowUpsQuery = (filter: { ownerId?: string }) =>
  infiniteQueryOptions({
    queryKey: ['follow-ups', 'due', filter],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, cursor: pageParam };
      const page = await client.get('/follow-ups/due', { params: { query }, signal });
      // There is one row for each customer.
      return { ...page, items: page.items.map((row) => ({ ...row, id: row.customerId })) };
    },
    ...paged,
  });

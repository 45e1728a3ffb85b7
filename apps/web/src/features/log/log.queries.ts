import { infiniteQueryOptions } from '@tanstack/react-query';
import type { LogEntry } from '#contracts/log';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

export type { LogEntry };

/** What was done and said, the latest first. */
export const logQuery = (customerId: string, kind?: LogEntry['kind']) =>
  infiniteQueryOptions({
    queryKey: ['log', customerId, kind],
    queryFn: ({ pageParam, signal }) =>
      client.get('/customers/{customerId}/log', {
        params: { path: { customerId }, query: { kind, limit: 50, cursor: pageParam } },
        signal,
      }),
    ...paged,
  });

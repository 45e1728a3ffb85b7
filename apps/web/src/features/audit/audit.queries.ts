import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

export interface AuditFilter {
  userId?: string;
  action?: string;
  resource?: string;
  from?: string;
  to?: string;
}

/** Everything that was done, the latest first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['log', 'audit', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/audit', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    ...paged,
  });

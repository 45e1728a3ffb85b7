import { infiniteQueryOptions } from '@tanstack/react-query';
import type { DueFollowUp } from '#contracts/follow-ups';
import { client } from '../../api/client.js';

export type { DueFollowUp };

export const dueFollowUpsQuery = (filter: { ownerId?: string }) =>
  infiniteQueryOptions({
    queryKey: ['follow-ups', 'due', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/follow-ups/due', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import type { Bucket, Reminder } from '../receivable/receivable.queries.js';

export type OwnersArrears = NonNullable<components['schemas']['ArrearsSummary']['owners']>[number];
export interface ArrearsFilter {
  asOf?: string;
  ownerId?: string;
  bucket?: Bucket;
  q?: string;
}
export interface ReminderFilter {
  kind?: Reminder['kind'];
  state?: Reminder['state'];
  ownerId?: string;
}

const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor ?? undefined,
};

export const arrearsByOwnerQuery = (asOf?: string) =>
  queryOptions({
    queryKey: ['arrears', 'by-owner', asOf],
    queryFn: ({ signal }) => client.get('/arrears/summary', { params: { query: { asOf, groupBy: 'owner' } }, signal }),
  });

export const filteredArrearsQuery = (filter: ArrearsFilter) =>
  infiniteQueryOptions({
    queryKey: ['arrears', 'filtered', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/arrears', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    ...paged,
  });

export const filteredRemindersQuery = (filter: ReminderFilter) =>
  infiniteQueryOptions({
    queryKey: ['reminders', 'filtered', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/reminders', { params: { query: { ...filter, limit: 100, cursor: pageParam } }, signal }),
    ...paged,
  });

import type { components } from '#client/schema';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';

type Schemas = components['schemas'];
export type Bucket = Schemas['ArrearsRow']['bucket'];
export type ServiceFee = Schemas['ServiceFee'] & { id: string };
export type ArrearsRow = Schemas['ArrearsRow'] & { id: string };
export type Reminder = Schemas['Reminder'];
export const BUCKETS: Bucket[] = ['notDue', 'd1_30', 'd31_60', 'd61_90', 'over90'];

const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor ?? undefined,
};
const LIMIT = 100;

export const arrearsSummaryQuery = queryOptions({
  queryKey: ['arrears', 'summary'],
  queryFn: ({ signal }) => client.get('/arrears/summary', { signal }),
});

export interface ArrearsFilter {
  asOf?: string;
  ownerId?: string;
  bucket?: Bucket;
  q?: string;
}
export const arrearsQuery = (filter: ArrearsFilter) =>
  infiniteQueryOptions({
    queryKey: ['arrears', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/arrears', { params: { query: { ...filter, limit: LIMIT, cursor: pageParam } }, signal }),
    ...paged,
  });

export const serviceFeesQuery = (filter: { within?: string }) =>
  infiniteQueryOptions({
    queryKey: ['service-fees', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/service-fees', { params: { query: { ...filter, limit: LIMIT, cursor: pageParam } }, signal }),
    ...paged,
  });

export interface ReminderFilter {
  kind?: Reminder['kind'];
  state?: Reminder['state'];
  ownerId?: string;
}
export const remindersQuery = (filter: ReminderFilter) =>
  infiniteQueryOptions({
    queryKey: ['reminders', filter],
    queryFn: ({ pageParam, signal }) =>
      client.get('/reminders', { params: { query: { ...filter, limit: LIMIT, cursor: pageParam } }, signal }),
    ...paged,
  });

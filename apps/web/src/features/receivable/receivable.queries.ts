import type { components } from '#client/schema';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';

type Schemas = components['schemas'];
export type Bucket = Schemas['ArrearsRow']['bucket'];
export type ServiceFee = Schemas['ServiceFee'] & { id: string };
export type ArrearsRow = Schemas['ArrearsRow'] & { id: string };
export type Reminder = Schemas['Reminder'];
export const BUCKETS: Bucket[] = ['notDue', 'd1_30', 'd31_60', 'd61_90', 'over90'];

const LIMIT = 100;

/** There is one row for each purchase. */
const byPurchase = <Row extends { purchaseId: string }>(page: { items: Row[]; nextCursor: string | null }) => ({
  ...page,
  items: page.items.map((row) => ({ ...row, id: row.purchaseId })),
});

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
    queryFn: async ({ pageParam, signal }) =>
      byPurchase(
        await client.get('/arrears', { params: { query: { ...filter, limit: LIMIT, cursor: pageParam } }, signal }),
      ),
    ...paged,
  });

export const serviceFeesQuery = (filter: { within?: string }) =>
  infiniteQueryOptions({
    queryKey: ['service-fees', filter],
    queryFn: async ({ pageParam, signal }) =>
      byPurchase(
        await client.get('/service-fees', {
          params: { query: { ...filter, limit: LIMIT, cursor: pageParam } },
          signal,
        }),
      ),
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

export type OwnersArrears = NonNullable<Schemas['ArrearsSummary']['owners']>[number];

export const arrearsByOwnerQuery = (asOf?: string) =>
  queryOptions({
    queryKey: ['arrears', 'by-owner', asOf],
    queryFn: ({ signal }) => client.get('/arrears/summary', { params: { query: { asOf, groupBy: 'owner' } }, signal }),
  });

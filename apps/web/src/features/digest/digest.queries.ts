import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { paged } from '../../api/paged.js';
import { everyPage } from '../../api/pages.js';

type Schemas = components['schemas'];
export type DigestKind = Schemas['DigestKind'];
export type DigestContent = Schemas['DigestContent'];
export type DigestSummary = Schemas['DigestSummary'];
export type Subscription = Schemas['DigestSubscription'];

export const subscriptionsQuery = queryOptions({
  queryKey: ['digest-subscriptions'],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.get('/digest-subscriptions', { params: { query: { limit: 200, cursor } }, signal })),
});

export const digestsQuery = infiniteQueryOptions({
  queryKey: ['digests'],
  queryFn: ({ pageParam, signal }) =>
    client.get('/digests', { params: { query: { limit: 100, cursor: pageParam } }, signal }),
  ...paged,
});

export const digestQuery = (digestId: string) =>
  queryOptions({
    queryKey: ['digests', digestId],
    queryFn: ({ signal }) => client.get('/digests/{digestId}', { params: { path: { digestId } }, signal }),
  });

/** What one's digest would say now. */
export const previewQuery = (kind: DigestKind) =>
  queryOptions({
    queryKey: ['digest-preview', kind],
    queryFn: ({ signal }) => client.post('/digests/preview', { body: { kind }, signal }),
    staleTime: 0,
  });

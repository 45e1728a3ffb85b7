import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.js';

const of = (userId: string) => ({ params: { path: { userId } } });

/** What somebody holds. */
export const holdingsQuery = (userId: string) =>
  queryOptions({
    queryKey: ['hand-overs', 'holdings', userId],
    queryFn: ({ signal }) => client.get('/users/{userId}/holdings', { ...of(userId), signal }),
  });

/** Who would get how much of it; asked as soon as somebody is named. */
export const handOverPreviewQuery = (userId: string, toUserIds: string[]) =>
  queryOptions({
    queryKey: ['hand-overs', 'preview', userId, toUserIds],
    queryFn: ({ signal }) =>
      client.post('/users/{userId}/hand-over/preview', { ...of(userId), body: { toUserIds }, signal }),
    enabled: toUserIds.length > 0,
    retry: false,
  });

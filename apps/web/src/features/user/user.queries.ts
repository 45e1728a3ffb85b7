import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { everyPage } from '../../api/pages.js';

/** All colleagues' names. */
export const colleaguesQuery = queryOptions({
  queryKey: ['users', 'directory'],
  queryFn: ({ signal }) =>
    everyPage((cursor) => client.get('/users/directory', { params: { query: { limit: 200, cursor } }, signal })),
  staleTime: 300_000,
});

/** The name of a user by his id; nothing while it isn't known. */
export function useNames(): (userId: string | undefined) => string {
  const { data = [] } = useQuery(colleaguesQuery);
  const names = new Map(data.map(({ id, displayName }) => [id, displayName]));
  return (userId) => (userId && names.get(userId)) ?? '';
}

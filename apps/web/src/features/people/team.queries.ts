import { queryOptions } from '@tanstack/react-query';
import type { Team } from '#contracts/teams';
import { client } from '../../api/client.js';

export type { Team };

/** The tree of teams, as a list. */
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: ({ signal }) => client.get('/teams', { signal }),
  staleTime: 300_000,
});

import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { ifMatch } from '#client/headers';
import type { NewTeam, TeamPatch } from '#contracts/teams';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Team } from './team.queries.js';

/** The tree in which managers stand above salespeople. */
export function useTeamOperations() {
  const { t } = useTranslation();
  const refreshes = [['teams']];
  const of = ({ id, version }: Team) => ({ params: { path: { teamId: id }, header: ifMatch(version) } });
  return {
    create: useOperation({
      run: (body: z.input<typeof NewTeam>) => client.post('/teams', { body }),
      what: ({ name }) => t('team.did.create', { name }),
      refreshes,
    }),
    update: useOperation({
      run: ({ team, patch }: { team: Team; patch: z.input<typeof TeamPatch> }) =>
        client.patch('/teams/{teamId}', { ...of(team), body: patch }),
      what: ({ team }) => t('team.did.edit', { name: team.name }),
      refreshes,
    }),
    remove: useOperation({
      run: (team: Team) => client.delete('/teams/{teamId}', of(team)),
      what: ({ name }) => t('team.did.delete', { name }),
      refreshes,
    }),
  };
}

import { useTranslation } from 'react-i18next';
import { ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { User } from './people.queries.js';

type Schemas = components['schemas'];
const of = ({ id }: User) => ({ params: { path: { userId: id } } });

/** Who may sign in, and as what. */
export function useUserOperations() {
  const { t } = useTranslation();
  const refreshes = [['users'], ['teams']];
  return {
    create: useOperation({
      run: (body: Schemas['NewUser']) => client.post('/users', { body }),
      what: ({ displayName }) => t('people.did.create', { name: displayName }),
      refreshes,
    }),
    update: useOperation({
      run: ({ user, patch }: { user: User; patch: Schemas['UserPatch'] }) =>
        client.patch('/users/{userId}', {
          params: { path: { userId: user.id }, header: ifMatch(user.version) },
          body: patch,
        }),
      what: ({ user }) => t('people.did.edit', { name: user.displayName }),
      refreshes,
    }),
    disable: useOperation({
      run: (user: User) => client.post('/users/{userId}/disable', of(user)),
      what: ({ displayName }) => t('people.did.disable', { name: displayName }),
      refreshes,
    }),
    enable: useOperation({
      run: (user: User) => client.post('/users/{userId}/enable', of(user)),
      what: ({ displayName }) => t('people.did.enable', { name: displayName }),
      refreshes,
    }),
    resetPassword: useOperation({
      run: (user: User) => client.post('/users/{userId}/reset-password', of(user)),
      what: ({ displayName }) => t('people.did.resetPassword', { name: displayName }),
      refreshes,
    }),
  };
}

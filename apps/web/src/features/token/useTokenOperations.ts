import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ApiToken, NewApiToken } from '#contracts/api-tokens';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';

export const tokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => client.get('/api-tokens', { signal }),
});

/** What the user's programs sign in with. */
export function useTokenOperations() {
  const { t } = useTranslation();
  const refreshes = [['api-tokens']];
  return {
    create: useOperation({
      run: (body: z.input<typeof NewApiToken>) => client.post('/api-tokens', { body }),
      what: ({ name }) => t('token.did.create', { name }),
      refreshes,
    }),
    revoke: useOperation({
      run: ({ id }: ApiToken) =>
        client.delete('/api-tokens/{tokenId}', { params: { path: { tokenId: id }, header: { 'If-Match': '*' } } }),
      what: ({ name }) => t('token.did.revoke', { name }),
      refreshes,
    }),
  };
}

import { useTranslation } from 'react-i18next';
import type { components } from '#client/schema';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Subscription } from './digest.queries.js';

export function useSubscriptionOperations() {
  const { t } = useTranslation();
  const refreshes = [['digest-subscriptions']];
  return {
    subscribe: useOperation({
      run: (body: components['schemas']['NewDigestSubscription']) => client.post('/digest-subscriptions', { body }),
      what: ({ kind }) => t('digest.did.subscribe', { kind: t(`digest.kinds.${kind}`) }),
      refreshes,
    }),
    unsubscribe: useOperation({
      run: ({ id }: Subscription) =>
        client.delete('/digest-subscriptions/{subscriptionId}', {
          // It is only ever made and ended: no version of it to match.
          params: { path: { subscriptionId: id }, header: { 'If-Match': '*' } },
        }),
      what: ({ kind }) => t('digest.did.unsubscribe', { kind: t(`digest.kinds.${kind}`) }),
      refreshes,
    }),
  };
}

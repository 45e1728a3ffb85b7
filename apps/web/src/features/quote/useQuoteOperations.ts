import { idempotencyKey, ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Quote } from './quote.queries.js';

type Schemas = components['schemas'];
const REFRESHES = [['quotes'], ['last-prices'], ['log']];
const pathOf = ({ customerId, id }: Quote) => ({ customerId, quoteId: id });

export function useQuoteOperations() {
  const { t } = useTranslation();
  return {
    create: useOperation({
      run: ({ customerId, quote }: { customerId: string; quote: Schemas['NewQuote'] }) =>
        client.post('/customers/{customerId}/quotes', { params: { path: { customerId } }, body: quote }),
      what: () => t('quote.did.create'),
      refreshes: REFRESHES,
    }),
    update: useOperation({
      run: ({ quote, patch }: { quote: Quote; patch: Schemas['QuotePatch'] }) =>
        client.patch('/customers/{customerId}/quotes/{quoteId}', {
          params: { path: pathOf(quote), header: ifMatch(quote.version) },
          body: patch,
        }),
      what: ({ quote }) => t('quote.did.edit', { number: quote.number }),
      refreshes: REFRESHES,
    }),
    remove: useOperation({
      run: (quote: Quote) =>
        client.delete('/customers/{customerId}/quotes/{quoteId}', {
          params: { path: pathOf(quote), header: ifMatch(quote.version) },
        }),
      what: ({ number }) => t('quote.did.delete', { number }),
      refreshes: REFRESHES,
    }),
    convert: useOperation({
      run: (quote: Quote) =>
        client.post('/customers/{customerId}/quotes/{quoteId}/convert', {
          params: { path: pathOf(quote), header: idempotencyKey(`convert-${quote.id}-${quote.version}`) },
          body: {},
        }),
      what: ({ number }) => t('quote.did.convert', { number }),
      refreshes: [...REFRESHES, ['purchases'], ['arrears'], ['service-fees']],
    }),
  };
}

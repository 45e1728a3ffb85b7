import { useTranslation } from 'react-i18next';
import type { components } from '#client/schema';
import { ifMatch } from '#client/headers';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { CustomerStatus } from './status.queries.js';

type Patch = components['schemas']['StatusPatch'];

export function useStatusOperations() {
  const { t } = useTranslation();
  const refreshes = [['customer-statuses'], ['customers']];
  return {
    create: useOperation({
      run: (body: components['schemas']['NewStatus']) => client.post('/customer-statuses', { body }),
      what: ({ name }) => t('status.did.create', { name }),
      refreshes,
    }),
    update: useOperation({
      run: ({ status, patch }: { status: CustomerStatus; patch: Patch }) =>
        client.patch('/customer-statuses/{statusId}', {
          params: { path: { statusId: status.id }, header: ifMatch(status.version) },
          body: patch,
        }),
      what: ({ status, patch }) =>
        patch.name && patch.name !== status.name
          ? t('status.did.rename', { from: status.name, to: patch.name })
          : t('status.did.change', { name: status.name }),
      refreshes,
    }),
    remove: useOperation({
      run: ({ status, moveTo }: { status: CustomerStatus; moveTo?: string }) =>
        client.delete('/customer-statuses/{statusId}', {
          params: { path: { statusId: status.id }, query: { moveTo }, header: ifMatch(status.version) },
        }),
      what: ({ status }) => t('status.did.delete', { name: status.name }),
      refreshes,
    }),
  };
}

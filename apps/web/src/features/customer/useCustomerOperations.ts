import { useTranslation } from 'react-i18next';
import { can } from '#access/permissions';
import { ifMatch } from '#client/headers';
import { client } from '../../api/client.js';
import { useUser } from '../../api/session.js';
import { useOperation } from '../message/useOperation.js';
import type { Customer } from './customer.queries.js';
import { CHANGED } from './refreshes.js';

export function useCustomerOperations() {
  const { t } = useTranslation();
  const user = useUser();
  return {
    remove: useOperation({
      run: ({ id, version }: Customer) =>
        client.delete('/customers/{customerId}', { params: { path: { customerId: id }, header: ifMatch(version) } }),
      what: ({ name }) => t('customer.did.delete', { name }),
      refreshes: CHANGED,
      // The administrator alone brings one back.
      undo: (_output, { id }) => (can(user, 'customers.restore') ? { kind: 'restore-customer', id } : undefined),
    }),
    restore: useOperation({
      run: ({ id }: Customer) =>
        client.post('/customers/{customerId}/restore', { params: { path: { customerId: id } } }),
      what: ({ name }) => t('customer.did.restore', { name }),
      refreshes: CHANGED,
    }),
  };
}

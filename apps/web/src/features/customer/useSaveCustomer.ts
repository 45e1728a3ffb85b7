import { ifMatch } from '#client/headers';
import type { components } from '#client/schema';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Customer } from './customer.queries.js';
import { CHANGED } from './refreshes.js';

type List = InfiniteData<{ items: Customer[]; nextCursor: string | null }>;
interface Edit {
  customer: Customer;
  patch: components['schemas']['CustomerPatch'];
}

export function useSaveCustomer() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  /** The lists show the edit at once; they get back what they showed if it is refused. */
  const foresee = async ({ customer, patch }: Edit) => {
    await queries.cancelQueries({ queryKey: ['customers'] });
    const before = queries.getQueriesData<List>({ queryKey: ['customers'] });
    const edited = (one: Customer) => (one.id === customer.id ? ({ ...one, ...patch } as Customer) : one);
    queries.setQueriesData<List>(
      { queryKey: ['customers'] },
      (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(edited) })) },
    );
    return () => before.forEach(([key, list]) => queries.setQueryData(key, list));
  };
  return {
    create: useOperation({
      run: (body: components['schemas']['NewCustomer']) => client.post('/customers', { body }),
      what: ({ name }) => t('customer.did.create', { name }),
      refreshes: CHANGED,
    }),
    update: useOperation({
      run: ({ customer, patch }: Edit) =>
        client.patch('/customers/{customerId}', {
          params: { path: { customerId: customer.id }, header: ifMatch(customer.version) },
          body: patch,
        }),
      what: ({ customer }) => t('customer.did.edit', { name: customer.name }),
      refreshes: CHANGED,
      foresee,
    }),
  };
}

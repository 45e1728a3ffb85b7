import type { components } from '#client/schema';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { report } from '../message/messages.js';
import { useOperation } from '../message/useOperation.js';
import type { Customer } from './customer.queries.js';

interface Edit {
  customers: Customer[];
  action: components['schemas']['BulkAction'];
}
/** So many in one request: few enough for the progress to show. */
const AT_ONCE = 50;

/** One change for many customers; `progress` is in percent while it runs. */
export function useBulkEdit() {
  const { t } = useTranslation();
  const [progress, setProgress] = useState<number>();
  const edit = useOperation({
    run: async ({ customers, action }: Edit) => {
      let done = 0;
      const failures: { name: string; reason: string }[] = [];
      for (let start = 0; start < customers.length; start += AT_ONCE) {
        setProgress(Math.round((start / customers.length) * 100));
        const some = customers.slice(start, start + AT_ONCE);
        const { results, succeeded } = await client.post('/customers/bulk', {
          body: { customerIds: some.map(({ id }) => id), action },
        });
        done += succeeded;
        for (const { customerId, ok, problem } of results) {
          const name = some.find(({ id }) => id === customerId)?.name ?? '';
          if (!ok) failures.push({ name, reason: problem?.title ?? '' });
        }
      }
      return { done, failures };
    },
    what: ({ customers }) => t('customer.did.bulk', { count: customers.length }),
    refreshes: [['customers'], ['customer'], ['customer-statuses'], ['customer-tags'], ['log']],
    onDone: ({ failures }) => {
      for (const { name, reason } of failures) report({ ok: false, what: t('customer.did.edit', { name }), reason });
    },
  });
  const finish = () => setProgress(undefined);
  return { edit: { ...edit, mutate: (input: Edit) => edit.mutate(input, { onSettled: finish }) }, progress };
}

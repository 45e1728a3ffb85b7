import { useTranslation } from 'react-i18next';
import { fetchFile, printPage, saveFile } from '../../api/files.js';
import { report } from '../message/messages.js';
import { useOperation } from '../message/useOperation.js';
import { filterOf, type Customer } from './customer.queries.js';
import { useCustomersState } from './useCustomersState.js';

const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
} as const;

/** Exports and prints: of the list as it is filtered, and of one customer's card. */
export function useCustomerFiles() {
  const { t } = useTranslation();
  const { state } = useCustomersState();
  return {
    exportList: useOperation({
      run: async (format: keyof typeof TYPES) => {
        const query = new URLSearchParams({ format });
        for (const [name, value] of Object.entries(filterOf(state))) {
          if (value !== undefined) query.set(name, String(value));
        }
        const file = await fetchFile(`/customers/export?${query}`, TYPES[format]);
        if (format === 'html') await printPage(file);
        else saveFile(file);
        return Number(file.response.headers.get('x-rows-excluded') ?? 0);
      },
      what: (format) => t(format === 'html' ? 'customer.did.printList' : 'customer.did.export'),
      refreshes: [],
      onDone: (excluded) => {
        if (excluded > 0) report({ ok: true, what: t('customer.did.exportWithout', { count: excluded }) });
      },
    }),
    printCard: useOperation({
      run: async ({ id }: Customer) => printPage(await fetchFile(`/customers/${id}/print`, 'text/html')),
      what: ({ name }) => t('customer.did.print', { name }),
      refreshes: [['log']],
    }),
  };
}

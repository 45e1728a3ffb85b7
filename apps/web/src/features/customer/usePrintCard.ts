import { useTranslation } from 'react-i18next';
import { fetchFile, printPage } from '../../api/files.js';
import { useOperation } from '../message/useOperation.js';
import type { Customer } from './customer.queries.js';

/** Prints what there is to know of one customer. */
export function usePrintCard() {
  const { t } = useTranslation();
  return useOperation({
    run: async ({ id }: Customer) => printPage(await fetchFile(`/customers/${id}/print`, 'text/html')),
    what: ({ name }) => t('customer.did.print', { name }),
    refreshes: [['log']],
  });
}

import { useTranslation } from 'react-i18next';
import { useCustomer } from './customer.queries.js';
import { useCustomersState } from './useCustomersState.js';

/** In zones 4 to 8 while there is no customer to show: none is chosen, or the one that is isn't there (yet). */
export function NoCustomer() {
  const { t } = useTranslation();
  const { state } = useCustomersState();
  const { isError } = useCustomer(state.customer);
  if (state.customer !== undefined && !isError) return <div aria-busy />;
  return <p className="quiet zone-none">{t(isError ? 'customer.gone' : 'customer.chooseOne')}</p>;
}

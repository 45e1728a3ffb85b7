import { useTranslation } from 'react-i18next';

/** In zones 4 to 8 while no customer is chosen. */
export function NoCustomer() {
  const { t } = useTranslation();
  return <p className="quiet zone-none">{t('customer.chooseOne')}</p>;
}

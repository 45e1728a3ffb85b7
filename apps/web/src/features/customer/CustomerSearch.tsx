import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCustomersState } from './useCustomersState.js';

/** What zone 2 is searched for. */
export default function CustomerSearch() {
  const { t } = useTranslation();
  const { state, set } = useCustomersState();
  return (
    <Input.Search
      size="small"
      allowClear
      style={{ width: 230 }}
      defaultValue={state.q}
      placeholder={t('customer.search')}
      aria-label={t('customer.search')}
      onSearch={(q) => set({ q: q || undefined })}
    />
  );
}

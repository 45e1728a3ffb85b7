import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCustomersState } from './useCustomersState.js';

/** What zone 2 is searched for. */
export default function CustomerSearch() {
  const { t } = useTranslation();
  const { state, set } = useCustomersState();
  const [sought, setSought] = useState(state.q);
  const [typed, setTyped] = useState(state.q);
  // A saved view, or the way back, has brought another search.
  if (sought !== state.q) {
    setSought(state.q);
    setTyped(state.q);
  }
  return (
    <Input.Search
      size="small"
      allowClear
      style={{ width: 230 }}
      value={typed}
      placeholder={t('customer.search')}
      aria-label={t('customer.search')}
      onChange={({ target }) => setTyped(target.value)}
      onSearch={(q) => set({ q: q || undefined })}
    />
  );
}

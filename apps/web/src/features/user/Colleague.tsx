import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { colleaguesQuery } from './user.queries.js';

interface Props {
  value?: string;
  onChange?: (userId: string | undefined) => void;
  /** Not offered: it makes no sense to name these. */
  except?: string[];
  placeholder?: string;
  /** As a filter of a list: small like what is beside it, and known by its placeholder, as it has no label. */
  filter?: boolean;
  id?: string;
}

/** A colleague, by name. */
export function Colleague({ value, onChange, except = [], placeholder, filter, id }: Props) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(colleaguesQuery);
  const options = (data ?? [])
    .filter((one) => !except.includes(one.id))
    .map((one) => ({ value: one.id, label: `${one.displayName} (${one.username})` }));
  return (
    <Select
      id={id}
      {...(filter && { size: 'small', 'aria-label': placeholder, style: { minWidth: 140 } })}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={isPending}
      value={value}
      onChange={onChange}
      options={options}
      placeholder={placeholder ?? t('user.choose')}
    />
  );
}

import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

const WITHIN = ['P1M', 'P30D', 'P60D', 'P90D', 'P12M'] as const;

/** How soon a service ends, at the latest. */
export function WithinChoice({ value, onChange }: { value: string; onChange: (within: string) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      size="small"
      value={value}
      onChange={onChange}
      aria-label={t('receivable.within')}
      options={WITHIN.map((span) => ({ value: span, label: t(`receivable.withins.${span}`) }))}
    />
  );
}

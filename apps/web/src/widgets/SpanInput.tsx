import { InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const UNITS = { M: 'unit.months', D: 'unit.days' } as const;
type Unit = keyof typeof UNITS;

/** A span of whole months or days, which the API writes `P1M` or `P45D`. */
export function SpanInput({
  id,
  value,
  onChange,
}: {
  id?: string;
  value?: string;
  onChange?: (span: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const [, count, given] = /^P(\d+)([MD])$/.exec(value ?? '') ?? [];
  // Kept while no number is there yet that it could go with.
  const [unit, setUnit] = useState((given ?? 'M') as Unit);
  const say = (number: number | undefined, of: Unit) => onChange?.(number ? `P${number}${of}` : undefined);
  return (
    <Space.Compact block>
      <InputNumber
        id={id}
        min={1}
        max={999}
        precision={0}
        style={{ width: '100%' }}
        value={count === undefined ? null : Number(count)}
        onChange={(number) => say(number ?? undefined, unit)}
      />
      <Select
        aria-label={t('unit.one')}
        style={{ width: 100 }}
        value={unit}
        options={Object.entries(UNITS).map(([key, text]) => ({ value: key as Unit, label: t(text) }))}
        onChange={(next) => {
          setUnit(next);
          if (count !== undefined) say(Number(count), next);
        }}
      />
    </Space.Compact>
  );
}

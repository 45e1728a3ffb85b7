import { ProblemError, type FieldFault } from '#client/problem';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPurchases as Schema } from '#contracts/sales';
import { useMoney } from '../../app/useMoney.js';
import { faultsOf, wordsOf } from '../../widgets/faultsOf.js';
import { payableOf, sumOf } from './amounts.rules.js';
import { purchaseOf, type NewLine } from './newLine.js';
import './NewPurchases.css';
import { NewPurchaseLine } from './NewPurchaseLine.js';
import { lastPricesQuery } from './purchase.queries.js';
import { usePurchaseOperations } from './usePurchaseOperations.js';

/** The lines that were added and aren't saved yet: filled in one by one, saved all together. */
export function NewPurchases({
  customerId,
  lines,
  onChange,
}: {
  customerId: string;
  lines: NewLine[];
  onChange: (lines: NewLine[]) => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const { record } = usePurchaseOperations();
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const [key] = useState(() => crypto.randomUUID());
  const lastPrices = useQuery(
    lastPricesQuery(customerId, [...new Set(lines.map(({ productId }) => productId))].sort()),
  ).data;
  const save = () => {
    const purchases = lines.map(purchaseOf);
    const found = faultsOf(Schema, { purchases }).map((fault) => ({ ...fault, message: wordsOf(fault, t) }));
    setFaults(found);
    if (found.length > 0) return;
    record.mutate(
      { customerId, purchases, key },
      {
        onSuccess: () => onChange([]),
        onError: (error) => setFaults(error instanceof ProblemError ? error.faults : []),
      },
    );
  };
  const faultOf = (index: number) => (field: string) =>
    faults.find(({ pointer }) => pointer === `/purchases/${index}/${field}`)?.message;
  return (
    <form
      className="new-purchases"
      aria-label={t('purchase.newLines')}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {lines.map((line, index) => (
        <NewPurchaseLine
          key={line.key}
          line={line}
          last={lastPrices?.get(line.productId)}
          faultOf={faultOf(index)}
          onChange={(change) => onChange(lines.map((one) => (one === line ? { ...one, ...change } : one)))}
          onRemove={() => onChange(lines.filter((one) => one !== line))}
        />
      ))}
      <Flex className="new-purchases-foot" gap={8} align="center" justify="end" wrap>
        <span>
          {t('purchase.sum')}{' '}
          <b className="number">{money(sumOf(lines.map((line) => payableOf(line.quantity, line.unitPrice))))}</b>
        </span>
        <Button onClick={() => onChange([])}>{t('form.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={record.isPending}>
          {t('form.save')}
        </Button>
      </Flex>
    </form>
  );
}

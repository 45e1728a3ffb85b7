import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { useNames } from '../user/user.queries.js';
import { feeColumns } from './fee.columns.js';
import { serviceFeesQuery, type ServiceFee } from './receivable.queries.js';
import { usePrinting } from './usePrinting.js';
import { WithinChoice } from './WithinChoice.js';

/** Whose annual fees fall due. */
export function ServiceFeesView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { set } = useCustomersState();
  const [within, setWithin] = useState<string>('P1M');
  const list = useEndless(useInfiniteQuery(serviceFeesQuery({ within })));
  const { rows } = list;
  const nameOf = useNames();
  const printing = usePrinting(rows);
  const show = ({ customerId }: ServiceFee) => set({ customer: customerId, tab: 'purchases' });
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {choose}
        <WithinChoice value={within} onChange={setWithin} />
        <span className="bar-space" />
        {printing.button}
      </div>
      <DataGrid
        label={t('receivable.views.fees')}
        {...list}
        columns={feeColumns(t, money, nameOf)}
        empty={t('receivable.nothingDue')}
        selected={printing.selected}
        onSelect={printing.onSelect}
        onActivate={({ customerId }) => set({ customer: customerId })}
        onOpen={show}
        menu={(row) => [
          printing.command(row),
          { key: 'show', label: t('receivable.showPurchases'), run: () => show(row) },
        ]}
      />
    </div>
  );
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { useNames } from '../user/user.queries.js';
import { Ageing } from './Ageing.js';
import { arrearsColumns } from './arrears.columns.js';
import { arrearsQuery, arrearsSummaryQuery, type ArrearsRow, type Bucket } from './receivable.queries.js';
import { usePrinting } from './usePrinting.js';

/** Who owes what, and for how long. */
export function ArrearsView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { state, set } = useCustomersState();
  const [bucket, setBucket] = useState<Bucket>();
  const [sought, setSought] = useState('');
  const q = useDebounced(sought.trim(), 300) || undefined;
  const summary = useQuery(arrearsSummaryQuery).data;
  const list = useEndless(useInfiniteQuery(arrearsQuery({ bucket, q })));
  const { rows } = list;
  const nameOf = useNames();
  const printing = usePrinting(rows);
  const show = ({ customerId }: ArrearsRow) => set({ customer: customerId, tab: 'purchases' });
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {choose}
        <Input
          size="small"
          allowClear
          style={{ width: 180 }}
          value={sought}
          placeholder={t('receivable.search')}
          aria-label={t('receivable.search')}
          onChange={({ target }) => setSought(target.value)}
        />
        <span className="bar-space" />
        {printing.button}
      </div>
      {summary && <Ageing summary={summary} chosen={bucket} onChoose={setBucket} />}
      <DataGrid
        label={t('receivable.views.arrears')}
        {...list}
        columns={arrearsColumns(t, money, nameOf)}
        empty={t('receivable.nobodyOwes')}
        selected={printing.selected}
        onSelect={printing.onSelect}
        active={rows.find(({ customerId }) => customerId === state.customer)?.id}
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

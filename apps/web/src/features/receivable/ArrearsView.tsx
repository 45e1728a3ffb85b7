import { PrinterOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { Ageing } from './Ageing.js';
import { arrearsQuery, arrearsSummaryQuery, type ArrearsRow, type Bucket } from './receivable.queries.js';
import { useDunningNotices } from './useDunningNotices.js';

/** Who owes what, and for how long. */
export function ArrearsView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { state, set } = useCustomersState();
  const [bucket, setBucket] = useState<Bucket>();
  const [sought, setSought] = useState('');
  const q = useDebounced(sought.trim(), 300) || undefined;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const summary = useQuery(arrearsSummaryQuery).data;
  const list = useInfiniteQuery(arrearsQuery({ bucket, q }));
  const rows = useMemo<ArrearsRow[]>(
    () => list.data?.pages.flatMap((page) => page.items.map((row) => ({ ...row, id: row.purchaseId }))) ?? [],
    [list.data],
  );
  const notices = useDunningNotices();
  const print = (some: ArrearsRow[]) => {
    const customerIds = [...new Set(some.map(({ customerId }) => customerId))];
    notices.mutate({ customerIds, name: some[0]?.customerName ?? '' });
  };
  const chosen = rows.filter(({ id }) => selected.has(id));
  const columns: Column<ArrearsRow>[] = [
    {
      key: 'customer',
      title: t('customer.name'),
      width: 'minmax(8rem, 2fr)',
      render: (one) => <span title={one.customerName}>{one.customerName}</span>,
    },
    {
      key: 'product',
      title: t('purchase.product'),
      width: 'minmax(6rem, 1.5fr)',
      from: 560,
      render: (one) => one.productName,
    },
    {
      key: 'payable',
      title: t('purchase.payable'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 760,
      render: (one) => money(one.payable),
    },
    {
      key: 'paid',
      title: t('purchase.paid'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 860,
      render: (one) => money(one.paid),
    },
    {
      key: 'balance',
      title: t('purchase.balance'),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      render: (one) => <span className="arrears">{money(one.balance)}</span>,
    },
    { key: 'dueOn', title: t('purchase.dueOn'), width: '6.5rem', from: 640, render: (one) => one.dueOn },
    {
      key: 'late',
      title: t('receivable.daysPastDue'),
      width: '5.5rem',
      align: 'end',
      from: 440,
      render: (one) => (one.daysPastDue > 0 ? one.daysPastDue : '—'),
    },
  ];
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
        <Button
          size="small"
          icon={<PrinterOutlined />}
          disabled={chosen.length === 0}
          loading={notices.isPending}
          onClick={() => print(chosen)}
        >
          {t('notice.print')}
        </Button>
      </div>
      {summary && <Ageing summary={summary} chosen={bucket} onChoose={setBucket} />}
      <DataGrid
        label={t('receivable.views.arrears')}
        rows={rows}
        columns={columns}
        loading={list.isPending}
        empty={t('receivable.nobodyOwes')}
        selected={selected}
        onSelect={setSelected}
        active={rows.find(({ customerId }) => customerId === state.customer)?.id}
        onActivate={({ customerId }) => set({ customer: customerId })}
        onOpen={({ customerId }) => set({ customer: customerId, tab: 'purchases' })}
        menu={(row) => [
          { key: 'print', label: t('notice.print'), run: () => print(selected.has(row.id) ? chosen : [row]) },
          {
            key: 'show',
            label: t('receivable.showPurchases'),
            run: () => set({ customer: row.customerId, tab: 'purchases' }),
          },
        ]}
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
    </div>
  );
}

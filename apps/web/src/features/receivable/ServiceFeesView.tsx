import { PrinterOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select, Tag } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { serviceFeesQuery, type ServiceFee } from './receivable.queries.js';
import { useDunningNotices } from './useDunningNotices.js';

const WITHIN = ['P1M', 'P60D', 'P90D', 'P12M'] as const;
const COLORS: Record<ServiceFee['state'], string | undefined> = {
  upcoming: undefined,
  due: 'warning',
  expired: 'error',
  closed: undefined,
};

/** Whose annual fees fall due. */
export function ServiceFeesView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { set } = useCustomersState();
  const [within, setWithin] = useState<(typeof WITHIN)[number]>('P1M');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery(serviceFeesQuery({ within }));
  const rows = useMemo<ServiceFee[]>(
    () => list.data?.pages.flatMap((page) => page.items.map((fee) => ({ ...fee, id: fee.purchaseId }))) ?? [],
    [list.data],
  );
  const notices = useDunningNotices();
  const print = (some: ServiceFee[]) => {
    const customerIds = [...new Set(some.map(({ customerId }) => customerId))];
    notices.mutate({ customerIds, name: some[0]?.customerName ?? '' });
  };
  const chosen = rows.filter(({ id }) => selected.has(id));
  const columns: Column<ServiceFee>[] = [
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
      from: 520,
      render: (one) => one.productName,
    },
    {
      key: 'fee',
      title: t('purchase.annualFee'),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      render: (one) => money(one.annualFee),
    },
    { key: 'ends', title: t('purchase.serviceEndsOn'), width: '7rem', from: 440, render: (one) => one.serviceEndsOn },
    {
      key: 'left',
      title: t('receivable.daysLeft'),
      width: '5.5rem',
      align: 'end',
      from: 640,
      render: (one) => one.daysLeft,
    },
    {
      key: 'state',
      title: t('receivable.state'),
      width: '6rem',
      render: (one) => <Tag color={COLORS[one.state]}>{t(`receivable.feeStates.${one.state}`)}</Tag>,
    },
  ];
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {choose}
        <Select
          size="small"
          value={within}
          onChange={setWithin}
          aria-label={t('receivable.within')}
          options={WITHIN.map((value) => ({ value, label: t(`receivable.withins.${value}`) }))}
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
      <DataGrid
        label={t('receivable.views.fees')}
        rows={rows}
        columns={columns}
        loading={list.isPending}
        empty={t('receivable.nothingDue')}
        selected={selected}
        onSelect={setSelected}
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

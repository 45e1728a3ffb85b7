import { useInfiniteQuery } from '@tanstack/react-query';
import { Select, Tag } from 'antd';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { remindersQuery, type Reminder } from './receivable.queries.js';
import { ACTS, type ReminderAct } from './useReminderOperation.js';

const ReminderForm = lazy(() => import('./ReminderForm.js'));
const STATES: Reminder['state'][] = ['open', 'acknowledged', 'snoozed', 'promised', 'disputed', 'settled', 'closed'];
const COLORS: Partial<Record<Reminder['state'], string>> = {
  open: 'error',
  promised: 'processing',
  disputed: 'warning',
  settled: 'success',
};

/** The reminders, and what is done about them: dunning pauses until that lapses. */
export function RemindersView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { set } = useCustomersState();
  const [state, setState] = useState<Reminder['state'] | undefined>('open');
  const [opened, setOpened] = useState<{ act: ReminderAct; reminder: Reminder }>();
  const list = useInfiniteQuery(remindersQuery({ state }));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns: Column<Reminder>[] = [
    {
      key: 'kind',
      title: t('reminder.kind'),
      width: 'minmax(5rem, 0.7fr)',
      from: 440,
      render: ({ kind }) => t(`reminder.kinds.${kind}`),
    },
    {
      key: 'customer',
      title: t('customer.name'),
      width: 'minmax(8rem, 2fr)',
      render: (one) => <span title={one.customerName}>{one.customerName}</span>,
    },
    {
      key: 'amount',
      title: t('reminder.amount'),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      render: (one) => money(one.amount),
    },
    { key: 'dueOn', title: t('purchase.dueOn'), width: '6.5rem', from: 560, render: (one) => one.dueOn },
    {
      key: 'state',
      title: t('receivable.state'),
      width: '6rem',
      render: (one) => <Tag color={COLORS[one.state]}>{t(`reminder.states.${one.state}`)}</Tag>,
    },
    {
      key: 'until',
      title: t('reminder.until'),
      width: '6.5rem',
      from: 760,
      render: (one) => one.until ?? one.promise?.date,
    },
    { key: 'note', title: t('reminder.note'), width: 'minmax(5rem, 1.5fr)', from: 860, render: (one) => one.note },
  ];
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {choose}
        <Select
          size="small"
          allowClear
          style={{ minWidth: 110 }}
          value={state}
          onChange={setState}
          placeholder={t('reminder.anyState')}
          aria-label={t('receivable.state')}
          options={STATES.map((value) => ({ value, label: t(`reminder.states.${value}`) }))}
        />
      </div>
      <DataGrid
        label={t('receivable.views.reminders')}
        rows={rows}
        columns={columns}
        loading={list.isPending}
        empty={t('reminder.none')}
        onActivate={({ customerId }) => set({ customer: customerId })}
        onOpen={({ customerId }) => set({ customer: customerId, tab: 'purchases' })}
        menu={(reminder) =>
          ACTS.map((act) => ({
            key: act,
            label: t(`reminder.acts.${act}`),
            disabled: reminder.state === 'settled' || reminder.state === 'closed',
            run: () => setOpened({ act, reminder }),
          }))
        }
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
      <Suspense>{opened && <ReminderForm {...opened} onClose={() => setOpened(undefined)} />}</Suspense>
    </div>
  );
}

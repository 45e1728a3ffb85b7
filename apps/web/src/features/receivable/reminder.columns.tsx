import { Tag } from 'antd';
import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';
import type { Reminder } from './receivable.queries.js';
import { partyColumns } from './shared.columns.js';

const COLORS: Partial<Record<Reminder['state'], string>> = {
  open: 'error',
  promised: 'processing',
  disputed: 'warning',
  settled: 'success',
};

/** The columns of the list of reminders. */
export function reminderColumns(
  t: TFunction,
  money: (amount: string | undefined) => string,
  nameOf: (userId: string) => string,
): Column<Reminder>[] {
  return [
    {
      key: 'kind',
      title: t('reminder.kind'),
      width: '6rem',
      from: 440,
      render: ({ kind }) => t(`reminder.kinds.${kind}`),
    },
    ...partyColumns(t, nameOf),
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
      width: '6.5rem',
      render: (one) => <Tag color={COLORS[one.state]}>{t(`reminder.states.${one.state}`)}</Tag>,
    },
    {
      key: 'until',
      title: t('reminder.until'),
      width: '6.5rem',
      from: 760,
      render: (one) => one.until ?? one.promise?.date,
    },
    { key: 'note', title: t('reminder.note'), width: 'minmax(5rem, 2fr)', from: 860, render: (one) => one.note },
  ];
}

import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';
import type { ArrearsRow } from './receivable.queries.js';
import { partyColumns, productColumn } from './shared.columns.js';

/** The columns of the list of arrears. */
export function arrearsColumns(
  t: TFunction,
  money: (amount: string | undefined) => string,
  nameOf: (userId: string) => string,
): Column<ArrearsRow>[] {
  return [
    ...partyColumns(t, nameOf),
    productColumn(t),
    {
      key: 'payable',
      title: t('purchase.payable'),
      width: 'minmax(5.5rem, 1fr)',
      align: 'end',
      from: 860,
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
    { key: 'soldOn', title: t('purchase.soldOn'), width: '6.5rem', from: 960, render: (one) => one.soldOn },
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
}

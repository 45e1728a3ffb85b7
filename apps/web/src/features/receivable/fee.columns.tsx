import { Tag } from 'antd';
import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';
import type { ServiceFee } from './receivable.queries.js';
import { partyColumns, productColumn } from './shared.columns.js';

const COLORS: Record<ServiceFee['state'], string | undefined> = {
  upcoming: undefined,
  due: 'warning',
  expired: 'error',
  closed: undefined,
};

/** The columns of the list of service fees. */
export function feeColumns(
  t: TFunction,
  money: (amount: string | undefined) => string,
  nameOf: (userId: string) => string,
): Column<ServiceFee>[] {
  return [
    ...partyColumns(t, nameOf),
    productColumn(t),
    {
      key: 'fee',
      title: t('purchase.annualFee'),
      width: 'minmax(5rem, 1fr)',
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
      width: '5.5rem',
      render: (one) => <Tag color={COLORS[one.state]}>{t(`receivable.feeStates.${one.state}`)}</Tag>,
    },
  ];
}

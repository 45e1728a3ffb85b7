import { Tag } from 'antd';
import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';
import type { ServiceFee } from './receivable.queries.js';

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
    {
      key: 'customer',
      title: t('customer.name'),
      width: 'minmax(8rem, 2fr)',
      render: (one) => <span title={one.customerName}>{one.customerName}</span>,
    },
    {
      key: 'owner',
      title: t('customer.owner'),
      width: 'minmax(5rem, 1fr)',
      from: 700,
      render: (one) => nameOf(one.ownerId),
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
}

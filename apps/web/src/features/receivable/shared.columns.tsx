import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';

/** Whose money it is: the customer, and the salesperson who has him. */
export const partyColumns = (
  t: TFunction,
  nameOf: (userId: string) => string,
): Column<{ customerName: string; ownerId: string }>[] => [
  {
    key: 'customer',
    title: t('customer.name'),
    width: 'minmax(6rem, 2fr)',
    render: (one) => <span title={one.customerName}>{one.customerName}</span>,
  },
  {
    key: 'owner',
    title: t('customer.owner'),
    width: 'minmax(5rem, 1fr)',
    from: 700,
    render: (one) => nameOf(one.ownerId),
  },
];

export const productColumn = (t: TFunction): Column<{ productName: string }> => ({
  key: 'product',
  title: t('purchase.product'),
  width: 'minmax(6rem, 1.5fr)',
  from: 560,
  render: (one) => one.productName,
});

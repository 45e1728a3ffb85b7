import type { TFunction } from 'i18next';
import type { Column } from '../../widgets/DataGrid.js';
import type { CustomerStatus } from '../status/status.queries.js';
import { StatusName } from '../status/StatusZone.js';
import type { Customer } from './customer.queries.js';

export function customerColumns(t: TFunction, statuses: CustomerStatus[]): Column<Customer>[] {
  const byId = new Map(statuses.map((status) => [status.id, status]));
  const status = ({ statusId }: Customer) => {
    const found = byId.get(statusId);
    return found && <StatusName name={found.name} color={found.color} />;
  };
  return [
    {
      key: 'name',
      title: t('customer.name'),
      width: 'minmax(10rem, 3fr)',
      sort: 'name',
      render: ({ name }) => <span title={name}>{name}</span>,
    },
    {
      key: 'keyword',
      title: t('customer.keyword'),
      width: 'minmax(4rem, 1fr)',
      from: 520,
      render: ({ keyword }) => keyword,
    },
    { key: 'status', title: t('customer.status'), width: 'minmax(7rem, 1fr)', render: status },
    { key: 'owner', title: t('customer.owner'), width: 'minmax(5rem, 1fr)', from: 640, render: (row) => row.ownerName },
    { key: 'phone', title: t('customer.phone'), width: 'minmax(8.5rem, 1fr)', from: 760, render: (row) => row.phone },
    { key: 'region', title: t('customer.region'), width: 'minmax(4rem, 1fr)', from: 900, render: (row) => row.region },
    {
      key: 'tags',
      title: t('customer.tags'),
      width: 'minmax(4rem, 1fr)',
      from: 1020,
      render: ({ tags }) => tags.join(' · '),
    },
    {
      key: 'createdOn',
      title: t('customer.createdOn'),
      width: '7rem',
      sort: 'createdOn',
      from: 480,
      render: (row) => row.createdOn,
    },
  ];
}

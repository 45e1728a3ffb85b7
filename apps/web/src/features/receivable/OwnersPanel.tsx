import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { BUCKETS, type OwnersArrears } from './receivable.queries.js';

type Row = OwnersArrears & { id: string };

/** What is owed to each salesperson's customers, by age; choosing one narrows the list below, choosing again widens it. */
export function OwnersPanel({
  owners,
  chosen,
  onChoose,
}: {
  owners: OwnersArrears[];
  chosen: string | undefined;
  onChoose: (ownerId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const rows = owners.map((owner) => ({ ...owner, id: owner.ownerId }));
  const columns: Column<Row>[] = [
    { key: 'owner', title: t('customer.owner'), width: 'minmax(6rem, 1.5fr)', render: (one) => one.ownerName },
    {
      key: 'customers',
      title: t('status.count'),
      width: '5rem',
      align: 'end',
      from: 560,
      render: (one) => one.customers,
    },
    {
      key: 'total',
      title: t('purchase.sum'),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      render: (one) => <b>{money(one.total)}</b>,
    },
    ...BUCKETS.map((bucket): Column<Row> => ({
      key: bucket,
      title: t(`receivable.buckets.${bucket}`),
      width: 'minmax(6rem, 1fr)',
      align: 'end',
      from: 760,
      render: ({ buckets }) => money(buckets[bucket]),
    })),
  ];
  return (
    <Panel title={t('receivables.byOwner')}>
      <DataGrid
        label={t('receivables.byOwner')}
        rows={rows}
        columns={columns}
        empty={t('receivable.nobodyOwes')}
        active={chosen}
        onActivate={({ id }) => onChoose(id === chosen ? undefined : id)}
      />
    </Panel>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { feeColumns } from '../receivable/fee.columns.js';
import { serviceFeesQuery, type ServiceFee } from '../receivable/receivable.queries.js';
import { usePrinting } from '../receivable/usePrinting.js';
import { WithinChoice } from '../receivable/WithinChoice.js';
import { useNames } from '../user/user.queries.js';
import { ExportButton } from './ExportButton.js';

/** Whose annual fees fall due within a span, of all salespeople that the user sees. */
export function FeesPanel({
  within,
  onWithin,
  choose,
}: {
  within: string;
  onWithin: (within: string) => void;
  choose: ReactNode;
}) {
  const { t } = useTranslation();
  const user = useUser();
  const money = useMoney();
  const nameOf = useNames();
  const navigate = useNavigate();
  const list = useInfiniteQuery(serviceFeesQuery({ within }));
  const rows = useMemo(
    () => list.data?.pages.flatMap((page) => page.items.map((fee) => ({ ...fee, id: fee.purchaseId }))) ?? [],
    [list.data],
  );
  const printing = usePrinting(rows);
  const show = ({ customerId }: ServiceFee) => void navigate(`/customers?customer=${customerId}&tab=purchases`);
  const tools = (
    <>
      {choose}
      <WithinChoice value={within} onChange={onWithin} />
      {printing.button}
      {can(user, 'money.export') && <ExportButton list="service-fees" filter={{ within }} />}
    </>
  );
  return (
    <Panel title={t('receivable.views.fees')} extra={tools}>
      <DataGrid
        label={t('receivable.views.fees')}
        rows={rows}
        columns={feeColumns(t, money, nameOf)}
        loading={list.isPending}
        empty={t('receivable.nothingDue')}
        selected={printing.selected}
        onSelect={printing.onSelect}
        onOpen={show}
        menu={(row) => [
          printing.command(row),
          { key: 'show', label: t('receivable.showPurchases'), run: () => show(row) },
        ]}
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
    </Panel>
  );
}

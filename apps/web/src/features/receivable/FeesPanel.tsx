import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { feeColumns } from './fee.columns.js';
import { serviceFeesQuery, type ServiceFee } from './receivable.queries.js';
import { usePrinting } from './usePrinting.js';
import { WithinChoice } from './WithinChoice.js';
import { useNames } from '../user/user.queries.js';
import { ExportButton } from '../export/ExportButton.js';

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
  const list = useEndless(useInfiniteQuery(serviceFeesQuery({ within })));
  const { rows } = list;
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
        {...list}
        columns={feeColumns(t, money, nameOf)}
        empty={t('receivable.nothingDue')}
        selected={printing.selected}
        onSelect={printing.onSelect}
        onOpen={show}
        menu={(row) => [
          printing.command(row),
          { key: 'show', label: t('receivable.showPurchases'), run: () => show(row) },
        ]}
      />
    </Panel>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { LogEntry } from '#contracts/log';
import { useMoment } from '../../app/useMoment.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { ExportButton } from '../export/ExportButton.js';
import { useTold } from '../log/useTold.js';
import { auditQuery, type AuditFilter } from './audit.queries.js';
import { AuditFilters } from './AuditFilters.js';

/** What was done in the whole system, and by whom; nothing in it is ever changed. */
export function Component() {
  const { t } = useTranslation();
  const moment = useMoment();
  const told = useTold();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<AuditFilter>({});
  const list = useEndless(useInfiniteQuery(auditQuery(filter)));
  const columns: Column<LogEntry>[] = [
    { key: 'at', title: t('audit.at'), width: '8.5rem', render: ({ at }) => moment(at) },
    {
      key: 'who',
      title: t('audit.who'),
      width: 'minmax(4rem, 1fr)',
      render: ({ byName, forName }) =>
        forName ? t('log.for', { by: byName, for: forName }) : (byName ?? t('log.system')),
    },
    {
      key: 'resource',
      title: t('audit.resource'),
      width: 'minmax(3.5rem, 1fr)',
      render: ({ resource }) => t(`log.resources.${resource as 'customer'}`, { defaultValue: resource }),
    },
    {
      key: 'action',
      title: t('audit.action'),
      width: 'minmax(3rem, 1fr)',
      render: ({ action }) => t(`log.actions.${action as 'created'}`, { defaultValue: action }),
    },
    {
      key: 'customer',
      title: t('customer.name'),
      width: 'minmax(8rem, 2fr)',
      from: 900,
      render: ({ customerName }) => <span title={customerName}>{customerName}</span>,
    },
    {
      key: 'what',
      title: t('audit.what'),
      width: 'minmax(8rem, 4fr)',
      from: 560,
      render: (entry) => {
        const what = entry.followUp?.content ?? told(entry);
        return <span title={what}>{what}</span>;
      },
    },
  ];
  const show = ({ customerId }: LogEntry) => {
    if (customerId) void navigate(`/customers?customer=${customerId}&tab=log`);
  };
  const tools = (
    <>
      <AuditFilters filter={filter} onFilter={setFilter} />
      <ExportButton list="audit" filter={filter} />
    </>
  );
  return (
    <div className="panels">
      <Panel title={t('page.audit')} extra={tools}>
        <DataGrid
          label={t('page.audit')}
          {...list}
          columns={columns}
          empty={t('log.none')}
          onOpen={show}
          menu={(entry) => [
            { key: 'show', label: t('customer.show'), disabled: !entry.customerId, run: () => show(entry) },
          ]}
        />
      </Panel>
    </div>
  );
}

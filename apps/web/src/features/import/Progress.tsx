import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Descriptions, Progress as Bar } from 'antd';
import { useTranslation } from 'react-i18next';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useExplanation } from '../message/useOperation.js';
import { importQuery, running, type Import } from './import.queries.js';
import { useImportOperations } from './useImportOperations.js';

const COUNTS = ['created', 'updated', 'unchanged', 'failed'] as const;
type Row = Import['errors'][number] & { id: string; warning: boolean };

/** How an import goes, and which rows were not taken and why. */
export function Progress({ importId }: { importId: string }) {
  const explain = useExplanation();
  const { data, error } = useQuery(importQuery(importId));
  if (error) return <Alert type="warning" title={explain(error)} />;
  return data ? <Shown one={data} /> : null;
}

function Shown({ one }: { one: Import }) {
  const { t } = useTranslation();
  const { saveErrors } = useImportOperations();
  const rowsOf = (faults: Import['errors'], warning: boolean): Row[] =>
    faults.map((fault, index) => ({ ...fault, id: `${warning ? 'w' : 'e'}${index}`, warning }));
  const rows = [...rowsOf(one.errors, false), ...rowsOf(one.warnings, true)];
  const columns: Column<Row>[] = [
    { key: 'row', title: t('imports.row'), width: '4.5rem', align: 'end', render: ({ row }) => row },
    { key: 'field', title: t('imports.field'), width: '8rem', render: ({ field }) => field ?? '—' },
    {
      key: 'kind',
      title: t('imports.severity'),
      width: '5rem',
      from: 480,
      render: ({ warning }) => t(warning ? 'imports.warning' : 'imports.error'),
    },
    {
      key: 'message',
      title: t('imports.message'),
      width: 'minmax(10rem, 3fr)',
      render: ({ message }) => <span title={message}>{message}</span>,
    },
  ];
  const percent = one.total === 0 ? 0 : Math.floor((one.processed / one.total) * 100);
  const status = one.state === 'failed' ? 'exception' : one.state === 'completed' ? 'success' : 'active';
  const errorFile = one.failed > 0 && !running(one) && (
    <Button
      size="small"
      icon={<DownloadOutlined />}
      loading={saveErrors.isPending}
      onClick={() => saveErrors.mutate(one)}
    >
      {t('imports.errorFile')}
    </Button>
  );
  return (
    <Panel title={t(one.dryRun ? 'imports.tried' : 'imports.imported')} extra={errorFile}>
      <div className="zone-content">
        <div className="panel-padded" aria-live="polite">
          <Bar aria-label={t('imports.progress')} percent={one.state === 'completed' ? 100 : percent} status={status} />
          <Descriptions
            size="small"
            column={{ xs: 2, md: 5 }}
            items={[
              { key: 'state', label: t('imports.state'), children: t(`imports.states.${one.state}`) },
              ...COUNTS.map((key) => ({ key, label: t(`imports.counts.${key}`), children: one[key] })),
            ]}
          />
        </div>
        <DataGrid label={t('imports.faults')} rows={rows} columns={columns} empty={t('imports.noFaults')} />
      </div>
    </Panel>
  );
}

import { useTranslation } from 'react-i18next';
import { IMPORT_COLUMNS, IMPORT_REQUIRED } from '#contracts/imports';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { MEANINGS } from './columns.js';
import type { ImportKind } from './import.queries.js';

interface Row {
  id: string;
  required: boolean;
}

/** What the file has to look like, until one was handed in. */
export function ColumnsPanel({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation();
  const required: readonly string[] = IMPORT_REQUIRED[kind];
  const rows = IMPORT_COLUMNS[kind].map((id) => ({ id, required: required.includes(id) }));
  const meaning = (column: string) => {
    const key = MEANINGS[kind][column];
    return key && t(key);
  };
  const columns: Column<Row>[] = [
    { key: 'name', title: t('imports.column'), width: 'minmax(8rem, 1fr)', render: ({ id }) => <code>{id}</code> },
    { key: 'meaning', title: t('imports.meaning'), width: 'minmax(8rem, 2fr)', render: ({ id }) => meaning(id) },
    {
      key: 'required',
      title: '',
      width: '5rem',
      render: (one) => one.required && <span className="arrears">{t('form.required')}</span>,
    },
  ];
  return (
    <Panel title={t('imports.columns', { kind: t(`imports.kinds.${kind}`) })}>
      <div className="zone-content">
        <p className="quiet panel-padded">{t('imports.how')}</p>
        <DataGrid label={t('imports.columns', { kind: t(`imports.kinds.${kind}`) })} rows={rows} columns={columns} />
      </div>
    </Panel>
  );
}

import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { TYPES, useListExport, type ExportedList } from './useListExport.js';

/** The formats of a list's file. */
export function ExportButton({ list, filter }: { list: ExportedList; filter: object }) {
  const { t } = useTranslation();
  const exporting = useListExport(list, filter);
  const items = (Object.keys(TYPES) as (keyof typeof TYPES)[]).map((key) => ({
    key,
    label: key.toUpperCase(),
    onClick: () => exporting.mutate(key),
  }));
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button size="small" icon={<DownloadOutlined />} loading={exporting.isPending}>
        {t('exports.export')}
      </Button>
    </Dropdown>
  );
}

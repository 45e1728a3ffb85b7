import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useListExport, type ExportedList, type Format } from './useListExport.js';

const FORMATS: Format[] = ['csv', 'xlsx'];

/** The formats of a list's file. */
export function ExportButton({ list, filter }: { list: ExportedList; filter: object }) {
  const { t } = useTranslation();
  const exporting = useListExport(list, filter);
  const items = FORMATS.map((key) => ({
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

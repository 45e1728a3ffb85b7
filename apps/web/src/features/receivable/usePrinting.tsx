import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDunningNotices } from './useDunningNotices.js';

interface Row {
  id: string;
  customerId: string;
  customerName: string;
}

/** Prints the notices of the rows that are selected in a list: by its button, or by a row's command. */
export function usePrinting(rows: Row[]) {
  const { t } = useTranslation();
  const [selected, onSelect] = useState<ReadonlySet<string>>(new Set());
  const notices = useDunningNotices();
  const chosen = rows.filter(({ id }) => selected.has(id));
  const print = (some: Row[]) => {
    const customerIds = [...new Set(some.map(({ customerId }) => customerId))];
    notices.mutate({ customerIds, name: some[0]?.customerName ?? '' });
  };
  const button = (
    <Button
      size="small"
      icon={<PrinterOutlined />}
      disabled={chosen.length === 0}
      loading={notices.isPending}
      onClick={() => print(chosen)}
    >
      {t('notice.print')}
    </Button>
  );
  /** Of a selected row it is about all that are. */
  const command = (row: Row) => ({
    key: 'print',
    label: t('notice.print'),
    run: () => print(selected.has(row.id) ? chosen : [row]),
  });
  return { selected, onSelect, button, command };
}

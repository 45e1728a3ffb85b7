import { CloseOutlined } from '@ant-design/icons';
import { Button, Dropdown, Input, Popover, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { itemsOf } from '../../widgets/ContextMenu.js';
import { useStatuses } from '../status/status.queries.js';
import './BulkBar.css';
import type { Customer } from './customer.queries.js';
import { useCustomerActs } from './CustomerActs.js';
import { useBulkEdit } from './useBulkEdit.js';
import type { Selection } from './useSelection.js';

/** What is done with all selected customers at once; a part that fails is told, and the rest goes on. */
export default function BulkBar({ selection }: { selection: Selection<Customer> }) {
  const { rows: customers, clear } = selection;
  const { t } = useTranslation();
  const statuses = useStatuses();
  const acts = useCustomerActs();
  const { edit, progress } = useBulkEdit();
  const [tag, setTag] = useState('');
  const run = (action: Parameters<typeof edit.mutate>[0]['action']) => edit.mutate({ customers, action });
  const items = itemsOf(
    statuses.map(({ id, name }) => ({
      key: id,
      label: name,
      run: () => run({ type: 'set-status', statusId: id }),
    })),
  );
  const addTag = () => {
    if (tag.trim()) run({ type: 'add-tag', tag: tag.trim() });
    setTag('');
  };
  return (
    <div className="bulk" role="toolbar" aria-label={t('customer.selected', { count: customers.length })}>
      <b>{t('customer.selected', { count: customers.length })}</b>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button size="small">{t('customer.setStatus')}</Button>
      </Dropdown>
      <Popover
        trigger="click"
        content={
          <Input.Search
            aria-label={t('customer.addTag')}
            value={tag}
            maxLength={40}
            enterButton={t('form.ok')}
            onChange={({ target }) => setTag(target.value)}
            onSearch={addTag}
          />
        }
      >
        <Button size="small">{t('customer.addTag')}</Button>
      </Popover>
      <Button size="small" onClick={() => acts.transfer(customers, clear)}>
        {t('customer.transfer')}
      </Button>
      <Button size="small" onClick={() => acts.delegate(customers)}>
        {t('customer.delegate')}
      </Button>
      {progress !== undefined && <Progress percent={progress} size="small" className="bulk-progress" />}
      <span className="bar-space" />
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('form.cancel')} onClick={clear} />
    </div>
  );
}

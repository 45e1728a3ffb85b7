import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { customFieldsQuery } from '../customer/customer.queries.js';
import { useFieldOperations, type CustomField } from './useFieldOperations.js';

const FieldForm = lazy(() => import('./FieldForm.js'));

/** What the administrator gives customers beside the usual fields. */
export function CustomFieldsPanel() {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(customFieldsQuery);
  const [opened, setOpened] = useState<{ field?: CustomField }>();
  const { update, remove } = useFieldOperations();
  const rows = data?.items ?? [];
  const columns: Column<CustomField>[] = [
    { key: 'label', title: t('settings.label'), width: 'minmax(8rem, 2fr)', render: ({ label }) => label },
    { key: 'key', title: t('settings.key'), width: 'minmax(6rem, 1fr)', from: 480, render: ({ key }) => key },
    {
      key: 'type',
      title: t('settings.type'),
      width: 'minmax(5rem, 1fr)',
      render: ({ type }) => t(`settings.types.${type}`),
    },
    {
      key: 'options',
      title: t('settings.options'),
      width: 'minmax(8rem, 3fr)',
      from: 640,
      render: ({ options = [] }) => options.join(' · '),
    },
    {
      key: 'required',
      title: t('settings.required'),
      width: '6rem',
      render: ({ required }) => (required ? '✓' : ''),
    },
  ];
  const menu = (field: CustomField) => {
    const place = rows.findIndex(({ id }) => id === field.id);
    return [
      { key: 'edit', label: t('settings.editField'), run: () => setOpened({ field }) },
      {
        key: 'up',
        label: t('status.up'),
        disabled: place === 0,
        run: () => update.mutate({ field, patch: { position: place - 1 } }),
      },
      {
        key: 'down',
        label: t('status.down'),
        disabled: place === rows.length - 1,
        run: () => update.mutate({ field, patch: { position: place + 1 } }),
      },
      {
        key: 'delete',
        label: t('settings.deleteField'),
        danger: true,
        apart: true,
        run: () => remove.mutate(field),
      },
    ];
  };
  const add = (
    <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setOpened({})}>
      {t('settings.addField')}
    </Button>
  );
  return (
    <>
      <Panel title={t('settings.customFields')} extra={add}>
        <DataGrid
          label={t('settings.customFields')}
          rows={rows}
          columns={columns}
          loading={isPending}
          menu={menu}
          onOpen={(field) => setOpened({ field })}
        />
      </Panel>
      <Suspense>{opened && <FieldForm {...opened} onClose={() => setOpened(undefined)} />}</Suspense>
    </>
  );
}

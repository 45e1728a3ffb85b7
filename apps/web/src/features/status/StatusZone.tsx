import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { type MenuCommand } from '../../widgets/ContextMenu.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Zone } from '../../widgets/Zone.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { statusesQuery, type CustomerStatus } from './status.queries.js';
import './StatusZone.css';
import { useStatusOperations } from './useStatusOperations.js';

const StatusForm = lazy(() => import('./StatusForm.js'));
const DeleteStatus = lazy(() => import('./DeleteStatus.js'));
const ALL = 'all';
type Opened = { dialog: 'form'; status?: CustomerStatus } | { dialog: 'delete'; status: CustomerStatus };

/** Zone 1: the statuses with their counts; choosing one fills zone 2. */
export function StatusZone() {
  const { t } = useTranslation();
  const user = useUser();
  const { state, set } = useCustomersState();
  const { data, isPending } = useQuery(statusesQuery);
  const [opened, setOpened] = useState<Opened>();
  const { update } = useStatusOperations();
  const manages = can(user, 'statuses.manage');
  const statuses = data?.items ?? [];
  const sum = statuses.reduce((count, status) => count + status.count, 0);
  const rows = [{ id: ALL, name: t('status.all'), count: sum }, ...statuses];

  const columns: Column<(typeof rows)[number]>[] = [
    { key: 'name', title: t('status.name'), width: 'minmax(0, 1fr)', render: (status) => <StatusName {...status} /> },
    {
      key: 'count',
      title: t('status.count'),
      width: 'max-content',
      align: 'end',
      render: ({ count }) => count.toLocaleString(),
    },
  ];
  const menu = (row: (typeof rows)[number]): MenuCommand[] => {
    const status = statuses.find(({ id }) => id === row.id);
    const create: MenuCommand[] = can(user, 'customers.write')
      ? [{ key: 'create', label: t('customer.create'), run: () => set({ create: status?.id ?? '' }) }]
      : [];
    if (!manages) return create;
    const add: MenuCommand = {
      key: 'add',
      label: t('status.add'),
      apart: true,
      run: () => setOpened({ dialog: 'form' }),
    };
    if (!status) return [...create, add];
    const at = statuses.indexOf(status);
    return [
      { key: 'rename', label: t('status.rename'), run: () => setOpened({ dialog: 'form', status }) },
      ...create,
      { ...add },
      {
        key: 'up',
        label: t('status.up'),
        disabled: at === 0,
        run: () => update.mutate({ status, patch: { position: at - 1 } }),
      },
      {
        key: 'down',
        label: t('status.down'),
        disabled: at === statuses.length - 1,
        run: () => update.mutate({ status, patch: { position: at + 1 } }),
      },
      {
        key: 'default',
        label: t('status.makeDefault'),
        disabled: status.isDefault,
        run: () => update.mutate({ status, patch: { isDefault: true } }),
      },
      {
        key: 'delete',
        label: t('status.delete'),
        danger: true,
        apart: true,
        disabled: statuses.length < 2,
        run: () => setOpened({ dialog: 'delete', status }),
      },
    ];
  };
  const open = (row: { id: string }) => {
    const status = statuses.find(({ id }) => id === row.id);
    if (manages && status) setOpened({ dialog: 'form', status });
  };
  const close = () => setOpened(undefined);
  const extra = manages && (
    <Button
      size="small"
      type="text"
      icon={<PlusOutlined />}
      aria-label={t('status.add')}
      title={t('status.add')}
      onClick={() => setOpened({ dialog: 'form' })}
    />
  );
  return (
    <Zone number={1} title={t('zone.statuses')} extra={extra}>
      <DataGrid
        label={t('zone.statuses')}
        rows={rows}
        columns={columns}
        loading={isPending}
        active={state.status ?? ALL}
        onActivate={({ id }) => set({ status: id === ALL ? undefined : id, customer: undefined })}
        onOpen={open}
        menu={can(user, 'customers.write') || manages ? menu : undefined}
      />
      <Suspense>
        {opened?.dialog === 'form' && <StatusForm status={opened.status} onClose={close} />}
        {opened?.dialog === 'delete' && <DeleteStatus status={opened.status} onClose={close} />}
      </Suspense>
    </Zone>
  );
}

/** A status as it is shown everywhere: its colour beside its name. */
export function StatusName({ name, color, isDefault }: { name: string; color?: string; isDefault?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="status-name" title={isDefault ? t('status.isDefault') : undefined}>
      <i style={{ background: color ?? 'transparent', borderColor: color ?? 'var(--quiet)' }} />
      <span className="clipped">{name}</span>
      {isDefault && <small className="quiet">{t('status.isDefault')}</small>}
    </span>
  );
}

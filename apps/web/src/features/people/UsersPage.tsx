import { UserAddOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/session.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid, type Column } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { FirstPassword } from './FirstPassword.js';
import { usersQuery, type User } from './people.queries.js';
import { teamsQuery } from './team.queries.js';
import { TeamPanel } from './TeamPanel.js';
import { useUserOperations } from './useUserOperations.js';

const UserForm = lazy(() => import('./UserForm.js'));
const HandOverForm = lazy(() => import('./HandOverForm.js'));

/** The colleagues who sign in. Nobody is deleted: who leaves is disabled, and what he did keeps his name. */
export function Component() {
  const { t } = useTranslation();
  const me = useUser();
  const [sought, setSought] = useState('');
  const [disabled, setDisabled] = useState(false);
  const [teamId, setTeamId] = useState<string>();
  const [opened, setOpened] = useState<{ user?: User }>();
  const [leaver, setLeaver] = useState<User>();
  const [made, setMade] = useState<{ name: string; password: string }>();
  const q = useDebounced(sought.trim(), 250) || undefined;
  const list = useEndless(useInfiniteQuery(usersQuery({ q, teamId, ...(!disabled && { active: true }) })));
  const teams = useQuery(teamsQuery).data?.items;
  const { disable, enable, resetPassword } = useUserOperations();
  const columns: Column<User>[] = [
    { key: 'username', title: t('session.username'), width: 'minmax(6rem, 1fr)', render: ({ username }) => username },
    { key: 'name', title: t('people.name'), width: 'minmax(6rem, 1fr)', render: ({ displayName }) => displayName },
    { key: 'role', title: t('people.role'), width: 'minmax(5rem, 1fr)', render: ({ role }) => t(`role.${role}`) },
    {
      key: 'team',
      title: t('team.one'),
      width: 'minmax(5rem, 1fr)',
      from: 560,
      render: (one) => teams?.find(({ id }) => id === one.teamId)?.name,
    },
    {
      key: 'email',
      title: t('people.email'),
      width: 'minmax(8rem, 2fr)',
      from: 760,
      render: ({ email }) => email,
    },
    {
      key: 'state',
      title: t('people.state'),
      width: 'minmax(7rem, 1fr)',
      from: 480,
      render: (one) => (
        <>
          <Tag color={one.active ? 'success' : undefined}>{t(one.active ? 'people.active' : 'people.disabled')}</Tag>
          {one.active && one.mustChangePassword && <span className="quiet">{t('people.firstPassword')}</span>}
        </>
      ),
    },
  ];
  const menu = (user: User) => [
    { key: 'edit', label: t('people.edit'), run: () => setOpened({ user }) },
    {
      key: 'password',
      label: t('people.resetPassword'),
      disabled: !user.active,
      run: () =>
        resetPassword.mutate(user, {
          onSuccess: ({ password }) => setMade({ name: user.displayName, password }),
        }),
    },
    {
      key: 'handOver',
      label: t('people.handOver'),
      disabled: user.id === me.id,
      run: () => setLeaver(user),
    },
    user.active
      ? {
          key: 'disable',
          label: t('people.disable'),
          danger: true,
          apart: true,
          disabled: user.id === me.id,
          run: () => disable.mutate(user),
        }
      : { key: 'enable', label: t('people.enable'), apart: true, run: () => enable.mutate(user) },
  ];
  const tools = (
    <>
      <Input
        size="small"
        allowClear
        style={{ width: 200 }}
        value={sought}
        placeholder={t('people.search')}
        aria-label={t('people.search')}
        onChange={({ target }) => setSought(target.value)}
      />
      <Checkbox checked={disabled} onChange={({ target }) => setDisabled(target.checked)}>
        {t('people.showDisabled')}
      </Checkbox>
      <Button size="small" type="primary" icon={<UserAddOutlined />} onClick={() => setOpened({})}>
        {t('people.add')}
      </Button>
    </>
  );
  return (
    <div className="panels panels-beside">
      <TeamPanel chosen={teamId} onChoose={setTeamId} />
      <Panel title={t('page.users')} extra={tools}>
        <DataGrid
          label={t('page.users')}
          {...list}
          columns={columns}
          menu={menu}
          onOpen={(user) => setOpened({ user })}
        />
      </Panel>
      <Suspense>
        {opened && (
          <UserForm
            {...opened}
            teamId={teamId}
            onPassword={(name, password) => setMade({ name, password })}
            onClose={() => setOpened(undefined)}
          />
        )}
        {leaver && <HandOverForm user={leaver} onClose={() => setLeaver(undefined)} />}
      </Suspense>
      {made && <FirstPassword {...made} onClose={() => setMade(undefined)} />}
    </div>
  );
}

import {
  ApiOutlined,
  KeyOutlined,
  LogoutOutlined,
  MenuOutlined,
  PlusOutlined,
  SearchOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { usePrefetchQuery } from '@tanstack/react-query';
import { Button, Dropdown, Tooltip } from 'antd';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { can } from '#access/permissions';
import { useSessionState, useUser } from '../api/session.js';
import { listenForKeys, spelled, useCommands, type Command } from '../features/command/commands.js';
import { LastMessage } from '../features/message/LastMessage.js';
import { signOut } from '../features/session/signing.js';
import { organisationQuery } from '../features/settings/useOrganisation.js';
import { LineState } from '../live/LineState.js';
import { ContextMenuProvider } from '../widgets/ContextMenu.js';
import { PAGES } from './pages.js';
import { PreferencesMenu } from './PreferencesMenu.js';
import './Shell.css';

const Palette = lazy(() => import('../features/command/Palette.js'));
const Shortcuts = lazy(() => import('../features/command/Shortcuts.js'));
const ChangePassword = lazy(() => import('../features/session/ChangePassword.js'));
const TokensDialog = lazy(() => import('../features/token/TokensDialog.js'));
const SignInAgain = lazy(() => import('../features/session/SignInAgain.js'));
type Opened = 'palette' | 'shortcuts' | 'password' | 'tokens';

/** The frame of every page: commands at the top, the way to the others, who one is. */
export function Component() {
  const { t } = useTranslation();
  const user = useUser();
  const lapsed = useSessionState().phase === 'lapsed';
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [opened, setOpened] = useState<Opened>();
  const mayCreate = can(user, 'customers.write');
  useEffect(listenForKeys, []);
  // Forms that open soon ask for the organisation's day.
  usePrefetchQuery(organisationQuery);

  const pages = useMemo(() => PAGES.filter(({ permission }) => can(user, permission)), [user]);
  const here = PAGES.find(({ name }) => name === pathname.split('/')[1]);
  const commands = useMemo<Command[]>(
    () => [
      ...(mayCreate
        ? [
            {
              id: 'customer.create',
              label: t('customer.create'),
              keys: 'n',
              run: () => void navigate('/customers?create'),
            },
          ]
        : []),
      { id: 'palette', label: t('command.palette'), keys: 'mod+k', run: () => setOpened('palette') },
      { id: 'shortcuts', label: t('command.shortcuts'), keys: '?', run: () => setOpened('shortcuts') },
      ...pages.map(({ name }) => ({
        id: `page.${name}`,
        label: t(`page.${name}`),
        run: () => void navigate(`/${name}`),
      })),
      { id: 'password', label: t('session.changePassword'), run: () => setOpened('password') },
      { id: 'tokens', label: t('token.many'), run: () => setOpened('tokens') },
      { id: 'signOut', label: t('session.signOut'), run: () => void signOut() },
      { id: 'signOutEverywhere', label: t('session.signOutEverywhere'), run: () => void signOut(true) },
    ],
    [t, navigate, mayCreate, pages],
  );
  useCommands(commands);

  const account = [
    {
      key: 'who',
      disabled: true,
      label: t('session.signedInAs', { name: user.displayName, role: t(`role.${user.role}`) }),
    },
    { type: 'divider' as const, key: 'line' },
    {
      key: 'password',
      icon: <KeyOutlined />,
      label: t('session.changePassword'),
      onClick: () => setOpened('password'),
    },
    { key: 'tokens', icon: <ApiOutlined />, label: t('token.many'), onClick: () => setOpened('tokens') },
    { key: 'out', icon: <LogoutOutlined />, label: t('session.signOut'), onClick: () => void signOut() },
    {
      key: 'everywhere',
      icon: <LogoutOutlined />,
      label: t('session.signOutEverywhere'),
      onClick: () => void signOut(true),
    },
  ];
  const links = pages.map(({ name, icon }) => ({
    key: name,
    icon,
    label: t(`page.${name}`),
    onClick: () => void navigate(`/${name}`),
  }));
  const close = () => setOpened(undefined);

  return (
    <ContextMenuProvider>
      <div className="shell">
        <header className="bar no-print">
          <img src="/seal.svg" width={22} height={22} alt="" />
          <span className="bar-name">{t('app.name')}</span>
          <nav className="bar-links" aria-label={t('app.pages')}>
            {pages.map(({ name, icon }) => (
              <NavLink key={name} to={`/${name}`} title={t(`page.${name}`)}>
                {icon}
                <span>{t(`page.${name}`)}</span>
              </NavLink>
            ))}
          </nav>
          <Dropdown trigger={['click']} menu={{ items: links }}>
            <Button className="bar-pages" type="text" icon={<MenuOutlined />} aria-label={t('app.pages')} />
          </Dropdown>
          {mayCreate && (
            <Tooltip title={spelled('n')}>
              <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/customers?create')}>
                {t('customer.create')}
              </Button>
            </Tooltip>
          )}
          <span className="bar-space" />
          <LineState />
          <Button
            className="bar-search"
            icon={<SearchOutlined />}
            onClick={() => setOpened('palette')}
            aria-label={`${t('command.palette')} ${spelled('mod+k')}`}
          >
            <span className="bar-search-text">
              {t('command.palette')} <kbd>{spelled('mod+k')}</kbd>
            </span>
          </Button>
          <PreferencesMenu />
          <Dropdown trigger={['click']} menu={{ items: account }}>
            <Button type="text" icon={<UserOutlined />} aria-label={`${t('session.account')} ${user.displayName}`}>
              <span className="bar-user">{user.displayName}</span>
            </Button>
          </Dropdown>
        </header>
        <main className="page">
          {!here || pages.includes(here) ? <Outlet /> : <Navigate to="/customers" replace />}
        </main>
        <LastMessage />
      </div>
      <Suspense>
        {lapsed && <SignInAgain />}
        {opened === 'palette' && <Palette onClose={close} />}
        {opened === 'shortcuts' && <Shortcuts onClose={close} />}
        {opened === 'password' && <ChangePassword onClose={close} />}
        {opened === 'tokens' && <TokensDialog onClose={close} />}
      </Suspense>
    </ContextMenuProvider>
  );
}

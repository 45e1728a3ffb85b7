import {
  AccountBookOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  MailOutlined,
  PhoneOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
  UploadOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';
import type { Permission } from '#access/permissions';

export interface Page {
  /** Its name in the texts (`page.<name>`), and its path. */
  name:
    | 'customers'
    | 'products'
    | 'users'
    | 'receivables'
    | 'reminders'
    | 'follow-ups'
    | 'digests'
    | 'imports'
    | 'dashboard'
    | 'audit'
    | 'settings';
  /** The path, where it is more than the name. */
  path?: string;
  icon: ReactNode;
  /** Whoever lacks it doesn't find the page. */
  permission: Permission;
  load: () => Promise<{ Component: ComponentType }>;
}

/** All pages, in the order of the navigation; each is loaded when it is first opened. */
export const PAGES: Page[] = [
  {
    name: 'customers',
    icon: <TeamOutlined />,
    permission: 'customers.read',
    load: () => import('../features/customer/CustomersPage.js'),
  },
  {
    name: 'products',
    icon: <ShoppingOutlined />,
    permission: 'products.read',
    load: () => import('../features/catalogue/CataloguePage.js'),
  },
  {
    name: 'users',
    icon: <UserOutlined />,
    permission: 'users.manage',
    load: () => import('../features/people/UsersPage.js'),
  },
  {
    name: 'receivables',
    icon: <AccountBookOutlined />,
    permission: 'arrears.read',
    load: () => import('../features/receivable/ReceivablesPage.js'),
  },
  {
    name: 'reminders',
    icon: <BellOutlined />,
    permission: 'reminders.read',
    load: () => import('../features/receivable/RemindersPage.js'),
  },
  {
    name: 'follow-ups',
    icon: <PhoneOutlined />,
    permission: 'customers.read',
    load: () => import('../features/follow-up/FollowUpsPage.js'),
  },
  {
    name: 'digests',
    path: 'digests/:digestId?',
    icon: <MailOutlined />,
    permission: 'digests.use',
    load: () => import('../features/digest/DigestsPage.js'),
  },
  {
    name: 'imports',
    path: 'imports/:importId?',
    icon: <UploadOutlined />,
    permission: 'payments.write',
    load: () => import('../features/import/ImportPage.js'),
  },
  {
    name: 'dashboard',
    icon: <BarChartOutlined />,
    permission: 'statistics.read',
    load: () => import('../features/dashboard/DashboardPage.js'),
  },
  {
    name: 'audit',
    icon: <AuditOutlined />,
    permission: 'audit.read',
    load: () => import('../features/audit/AuditPage.js'),
  },
  {
    name: 'settings',
    icon: <SettingOutlined />,
    permission: 'custom-fields.manage',
    load: () => import('../features/settings/SettingsPage.js'),
  },
];

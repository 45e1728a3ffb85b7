import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { remindersQuery, type Reminder, type ReminderFilter } from './receivable.queries.js';
import { reminderColumns } from './reminder.columns.js';
import { ACTS, type ReminderAct } from './useReminderOperation.js';
import { Colleague } from '../user/Colleague.js';
import { useNames } from '../user/user.queries.js';
import { ExportButton } from '../export/ExportButton.js';

const ReminderForm = lazy(() => import('./ReminderForm.js'));
const KINDS: Reminder['kind'][] = ['service-fee', 'arrears'];
const STATES: Reminder['state'][] = ['open', 'acknowledged', 'snoozed', 'promised', 'disputed', 'settled', 'closed'];

/** All reminders, of fees and of arrears, and what is done about them. */
export function Component() {
  const { t } = useTranslation();
  const user = useUser();
  const money = useMoney();
  const nameOf = useNames();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<ReminderFilter>({ state: 'open' });
  const [opened, setOpened] = useState<{ act: ReminderAct; reminder: Reminder }>();
  const list = useEndless(useInfiniteQuery(remindersQuery(filter)));
  const acts = can(user, 'reminders.act') ? ACTS : [];
  const tools = (
    <>
      <Select
        size="small"
        allowClear
        style={{ minWidth: 110 }}
        value={filter.kind}
        onChange={(kind) => setFilter({ ...filter, kind })}
        placeholder={t('reminder.kind')}
        aria-label={t('reminder.kind')}
        options={KINDS.map((value) => ({ value, label: t(`reminder.kinds.${value}`) }))}
      />
      <Select
        size="small"
        allowClear
        style={{ minWidth: 110 }}
        value={filter.state}
        onChange={(state) => setFilter({ ...filter, state })}
        placeholder={t('reminder.anyState')}
        aria-label={t('receivable.state')}
        options={STATES.map((value) => ({ value, label: t(`reminder.states.${value}`) }))}
      />
      <Colleague
        value={filter.ownerId}
        onChange={(ownerId) => setFilter({ ...filter, ownerId })}
        filter
        placeholder={t('customer.owner')}
      />
      {can(user, 'money.export') && <ExportButton list="reminders" filter={filter} />}
    </>
  );
  return (
    <div className="panels">
      <Panel title={t('page.reminders')} extra={tools}>
        <DataGrid
          label={t('page.reminders')}
          {...list}
          columns={reminderColumns(t, money, nameOf)}
          empty={t('reminder.none')}
          onOpen={({ customerId }) => void navigate(`/customers?customer=${customerId}&tab=purchases`)}
          menu={(reminder) => [
            {
              key: 'show',
              label: t('receivable.showPurchases'),
              run: () => void navigate(`/customers?customer=${reminder.customerId}&tab=purchases`),
            },
            ...acts.map((act) => ({
              key: act,
              label: t(`reminder.acts.${act}`),
              disabled: reminder.state === 'settled' || reminder.state === 'closed',
              run: () => setOpened({ act, reminder }),
            })),
          ]}
        />
      </Panel>
      <Suspense>{opened && <ReminderForm {...opened} onClose={() => setOpened(undefined)} />}</Suspense>
    </div>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { useCustomersState } from '../customer/useCustomersState.js';
import { useNames } from '../user/user.queries.js';
import { remindersQuery, type Reminder } from './receivable.queries.js';
import { reminderColumns } from './reminder.columns.js';
import { ACTS, type ReminderAct } from './useReminderOperation.js';

const ReminderForm = lazy(() => import('./ReminderForm.js'));
const STATES: Reminder['state'][] = ['open', 'acknowledged', 'snoozed', 'promised', 'disputed', 'settled', 'closed'];

/** The reminders, and what is done about them: dunning pauses until that lapses. */
export function RemindersView({ choose }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const money = useMoney();
  const nameOf = useNames();
  const { set } = useCustomersState();
  const [state, setState] = useState<Reminder['state'] | undefined>('open');
  const [opened, setOpened] = useState<{ act: ReminderAct; reminder: Reminder }>();
  const list = useEndless(useInfiniteQuery(remindersQuery({ state })));
  return (
    <div className="zone-content">
      <div className="zone-tools">
        {choose}
        <Select
          size="small"
          allowClear
          style={{ minWidth: 110 }}
          value={state}
          onChange={setState}
          placeholder={t('reminder.anyState')}
          aria-label={t('receivable.state')}
          options={STATES.map((value) => ({ value, label: t(`reminder.states.${value}`) }))}
        />
      </div>
      <DataGrid
        label={t('receivable.views.reminders')}
        {...list}
        columns={reminderColumns(t, money, nameOf)}
        empty={t('reminder.none')}
        onActivate={({ customerId }) => set({ customer: customerId })}
        onOpen={({ customerId }) => set({ customer: customerId, tab: 'purchases' })}
        menu={(reminder) =>
          ACTS.map((act) => ({
            key: act,
            label: t(`reminder.acts.${act}`),
            disabled: reminder.state === 'settled' || reminder.state === 'closed',
            run: () => setOpened({ act, reminder }),
          }))
        }
      />
      <Suspense>{opened && <ReminderForm {...opened} onClose={() => setOpened(undefined)} />}</Suspense>
    </div>
  );
}

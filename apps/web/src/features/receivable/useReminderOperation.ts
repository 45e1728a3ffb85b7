import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.js';
import { useOperation } from '../message/useOperation.js';
import type { Reminder } from './receivable.queries.js';

export const ACTS = ['acknowledge', 'snooze', 'promise', 'dispute', 'close'] as const;
export type ReminderAct = (typeof ACTS)[number];
export interface ReminderValues {
  until?: string;
  date?: string;
  amount?: string;
  note?: string;
}

/** Empty fields are left out. */
const filled = (values: ReminderValues) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));

export function useReminderOperation(act: ReminderAct, reminder: Reminder) {
  const { t } = useTranslation();
  return useOperation({
    run: (values: ReminderValues) =>
      client.post(`/reminders/{reminderId}/${act}`, {
        params: { path: { reminderId: reminder.id } },
        body: filled(values) as never,
      }),
    what: () => t(`reminder.did.${act}`, { name: reminder.customerName }),
    refreshes: [['reminders'], ['log'], ['arrears'], ['service-fees']],
  });
}

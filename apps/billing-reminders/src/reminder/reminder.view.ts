import type { z } from 'zod';
import type { Reminder, reminderChanged } from '#contracts/billing';
import type { ChangedReminder, ReminderFact, ReminderRow } from './reminder.repository.js';
import { standingOn } from './reminder.rules.js';

/** As its readers see it on a day. */
export function viewOf(row: ReminderRow, today: string): Reminder {
  const { createdAt, promiseAmount, promiseOn, until, note, ...rest } = standingOn(row, today);
  return {
    ...rest,
    ...pauseOf({ until, promiseAmount, promiseOn, note }),
    dueOn: row.periodStart,
    createdAt: createdAt.toISOString(),
  };
}

/** As the others are told of it. */
export function factOf(
  reminder: ReminderFact,
  action: ChangedReminder['action'],
): z.input<typeof reminderChanged.data> {
  const { id, kind, customerId, purchaseId, periodStart, amount, state } = reminder;
  return { id, kind, customerId, purchaseId, periodStart, amount, state, ...pauseOf(reminder), action };
}

function pauseOf({
  until,
  promiseAmount,
  promiseOn,
  note,
}: Pick<ReminderFact, 'until' | 'promiseAmount' | 'promiseOn' | 'note'>) {
  return {
    ...(until !== null && { until }),
    ...(promiseAmount !== null && promiseOn !== null && { promise: { amount: promiseAmount, date: promiseOn } }),
    ...(note !== null && { note }),
  };
}

import type { z } from 'zod';
import { addDays } from '#calendar/dates';
import type { ReminderState } from '#contracts/billing';
import { AppError } from '#contracts/errors';
import type {
  PaymentPromise,
  ReminderAcknowledgement,
  ReminderClosure,
  ReminderDispute,
  ReminderSnooze,
} from '#contracts/reminders';
import { ruleViolated } from '../faults.js';

/** How a reminder stands, as it was last written down. */
export interface Standing {
  state: z.output<typeof ReminderState>;
  /** Of a pause: the day on which it is over. Without one it lasts until somebody acts. */
  until: string | null;
  promiseAmount: string | null;
  promiseOn: string | null;
  note: string | null;
}

/** An acknowledgement holds for so many days. */
const ACKNOWLEDGED_DAYS = 7;

/** How it stands on a day: a pause that is over counts for nothing, whether or not that was written down. */
export function standingOn<S extends Pick<Standing, 'state' | 'until'>>(reminder: S, today: string): S {
  const isOver = reminder.until !== null && reminder.until <= today;
  return isOver ? { ...reminder, state: 'open', until: null } : reminder;
}

// What somebody does about it. Each gives how the reminder stands then.
// Errors: `conflict/reminder-settled`, `/reminder-closed`; `rule-violated/date-not-ahead`.

export function acknowledge(
  reminder: Standing,
  { note }: z.output<typeof ReminderAcknowledgement>,
  today: string,
): Standing {
  return act(reminder, { state: 'acknowledged', until: addDays(today, ACKNOWLEDGED_DAYS), note });
}

export function snooze(reminder: Standing, { until, note }: z.output<typeof ReminderSnooze>, today: string): Standing {
  assertAhead(until, today, '/until');
  return act(reminder, { state: 'snoozed', until, note });
}

/** Today may be promised: whoever says so has until its end. */
export function notePromise(
  reminder: Standing,
  { date, amount, note }: z.output<typeof PaymentPromise>,
  today: string,
): Standing {
  assertAhead(addDays(date, 1), today, '/date');
  const promised = act(reminder, { state: 'promised', until: addDays(date, 1), note });
  return { ...promised, promiseAmount: amount, promiseOn: date };
}

export function dispute(
  reminder: Standing,
  { note, until }: z.output<typeof ReminderDispute>,
  today: string,
): Standing {
  if (until !== undefined) assertAhead(until, today, '/until');
  return act(reminder, { state: 'disputed', until: until ?? null, note });
}

export function close(reminder: Standing, { note }: z.output<typeof ReminderClosure>): Standing {
  return act(reminder, { state: 'closed', until: null, note });
}

/** A promise that was given before stays to be seen, kept or not. */
function act(
  reminder: Standing,
  { note, ...next }: Pick<Standing, 'state' | 'until'> & { note: string | undefined },
): Standing {
  if (reminder.state === 'settled' || reminder.state === 'closed') {
    throw new AppError('conflict', `reminder-${reminder.state}`);
  }
  return { ...reminder, ...next, note: note ?? reminder.note };
}

function assertAhead(date: string, today: string, pointer: string): void {
  if (date <= today) throw ruleViolated('date-not-ahead', pointer, 'A day that has not come yet');
}

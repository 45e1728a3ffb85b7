import { z } from 'zod';
import { Reminder } from './billing.js';
import { BusinessDate, Id, NonNegativeMoney, prose } from './common.js';
import { rpc } from './rpc.js';

/** What was said when it was acted on. Left out: what was said before stays. */
const note = prose(1_000).optional();
const reason = prose(1_000).regex(/\S/, 'Not empty');

/** Seen; dunning pauses for seven days. */
export const ReminderAcknowledgement = z.strictObject({ note });
/** Open again on that day. */
export const ReminderSnooze = z.strictObject({ until: BusinessDate, note });
/** Open again on the day after the promised one. */
export const PaymentPromise = z.strictObject({
  date: BusinessDate,
  amount: NonNegativeMoney.regex(/[1-9]/, 'More than zero'),
  note,
});
/** Without a date it stands until somebody acts on the reminder again. */
export const ReminderDispute = z.strictObject({ note: reason, until: BusinessDate.optional() });
/** For good: there is no other reminder of its kind for this purchase and period. */
export const ReminderClosure = z.strictObject({ note: reason });

const ofReminder = { reminderId: Id };

/** Asked before anything else is: whose reminder it is. */
export const findCustomerOfReminder = rpc('billing.reminder.find-customer', {
  input: z.strictObject(ofReminder),
  output: z.object({ customerId: Id }),
});
export const getReminder = rpc('billing.reminder.get', { input: z.strictObject(ofReminder), output: Reminder });

// Each pauses dunning until it lapses by itself, or until payment or renewal settles the reminder. All of them are
// refused with `conflict/reminder-settled` and `/reminder-closed`, and with `rule-violated/date-not-ahead` for a day
// that has come already.
export const acknowledgeReminder = rpc('billing.reminder.acknowledge', {
  input: ReminderAcknowledgement.extend(ofReminder),
  output: Reminder,
});
export const snoozeReminder = rpc('billing.reminder.snooze', {
  input: ReminderSnooze.extend(ofReminder),
  output: Reminder,
});
export const notePromise = rpc('billing.reminder.note-promise', {
  input: PaymentPromise.extend(ofReminder),
  output: Reminder,
});
export const disputeReminder = rpc('billing.reminder.dispute', {
  input: ReminderDispute.extend(ofReminder),
  output: Reminder,
});
export const closeReminder = rpc('billing.reminder.close', {
  input: ReminderClosure.extend(ofReminder),
  output: Reminder,
});

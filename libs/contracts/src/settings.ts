import { z } from 'zod';
import { BusinessDate, Empty, Span, Version, line, prose } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** ISO 4217; there is one in the organisation. */
export const Currency = z.string().refine((code) => CURRENCIES.has(code), 'Not a currency such as CNY');

const email = z.email().max(254);
const distinct = (list: readonly unknown[]) => new Set(list).size === list.length;

/** What stands on letters beside the organisation's name. */
const Letterhead = z.strictObject({
  address: line(300).optional(),
  phone: line(100).optional(),
  email: email.optional(),
  bank: line(200).optional(),
  account: line(100).optional(),
  taxId: line(100).optional(),
  note: prose(1_000).optional(),
});

const days = z.array(BusinessDate).max(1_000).refine(distinct, 'A day twice');
/** Which days are worked: ISO weekdays, 1 is Monday, without the holidays, with the days that make up for them. */
const Calendar = z
  .strictObject({
    workingDays: z.array(z.int().min(1).max(7)).min(1).refine(distinct, 'A weekday twice'),
    holidays: days,
    extraWorkingDays: days,
  })
  .refine(({ holidays, extraWorkingDays }) => distinct([...holidays, ...extraWorkingDays]), {
    path: ['extraWorkingDays'],
    message: 'A day is a holiday or it is worked',
  });

/** Whom the organisation's mails are from, and who gets the answers. */
const MailAddresses = z.strictObject({ from: email.optional(), replyTo: email.optional() });

/** What the administrator changes. */
const fields = {
  organisationName: line(100),
  letterhead: Letterhead,
  currency: Currency,
  /** Of a purchase without a due date, where its customer has no term of his own. */
  paymentTermDays: z.int().min(0).max(3_650),
  /** How long before its end a service's yearly fee is asked for, unless its product has a lead of its own. */
  serviceFeeLead: Span,
  calendar: Calendar,
  mail: MailAddresses,
};

/** What holds for the whole organisation. */
export const Settings = z.object({
  ...fields,
  /** Where the organisation's "today" is. Every service reads it from its environment, so it isn't changed here. */
  zone: z.string(),
  version: Version,
});
export type Settings = z.infer<typeof Settings>;
/** What is named is replaced as a whole: a letterhead without a phone has none. */
export const SettingsPatch = z.strictObject(fields).partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;

export const getSettings = rpc('auth.settings.get', { input: Empty, output: Settings });
export const updateSettings = rpc('auth.settings.update', {
  input: z.strictObject({ patch: SettingsPatch }),
  output: Settings,
});

export const settingsChanged = event(
  'auth.settings.changed',
  z.object({
    ...fields,
    /** What was done to them; nothing, if they are only told again. */
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })).default([]),
  }),
);

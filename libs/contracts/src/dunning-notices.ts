import { z } from 'zod';
import { BusinessDate, Id, Language, Money, Timestamp, line, pageOf, pageQuery, repeated } from './common.js';
import { ReminderKind } from './billing.js';
import { Scope } from './context.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

/** At most so many customers' letters are issued, or printed, at once. */
export const NOTICES_AT_ONCE = 200;

/** Who asks for the money, as the letter's head shows him. */
export const Letterhead = z.object({
  name: z.string(),
  address: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
  bank: z.string().optional(),
  account: z.string().optional(),
  taxId: z.string().optional(),
  note: z.string().optional(),
});
export type Letterhead = z.infer<typeof Letterhead>;

export const NoticeLine = z.object({
  kind: ReminderKind,
  purchaseId: Id,
  productName: z.string(),
  /** The due date, or the day on which the service ends. */
  dueOn: BusinessDate,
  amount: z.string(),
});
/** A letter as it was issued: whatever happens afterwards, it says what it said. */
export const DunningNotice = z.object({
  id: Id,
  /** Such as `D2026-000042`: without gaps and doubles in a year. */
  number: z.string(),
  customerId: Id,
  customerName: z.string(),
  language: Language,
  letterhead: Letterhead,
  currency: z.string(),
  issuedOn: BusinessDate,
  payBy: BusinessDate,
  /** Service fees first, then arrears, each the longest due first. */
  lines: z.array(NoticeLine),
  total: z.string(),
  issuedById: Id,
  issuedForId: Id.optional(),
  /** Each time it was shown as HTML or PDF, the first one first. */
  prints: z.array(z.object({ at: Timestamp, userId: Id })),
  createdAt: Timestamp,
});
export type DunningNotice = z.infer<typeof DunningNotice>;

const scoped = { scope: Scope };
export const NewDunningNotices = z.strictObject({
  customerIds: z.array(Id).min(1).max(NOTICES_AT_ONCE),
  /** Left out: in 14 days, on a working day. */
  payBy: BusinessDate.optional(),
});
export const SkippedCustomer = z.object({ customerId: Id, reason: z.enum(['nothing-due', 'paused']) });
/** One letter for each customer who owes something that nothing pauses; the others are named. */
export const issueDunningNotices = rpc('billing.dunning-notice.issue', {
  input: NewDunningNotices.extend(scoped),
  output: z.object({ items: z.array(DunningNotice), skipped: z.array(SkippedCustomer) }),
});

export const DunningNoticeQuery = z.strictObject({
  ...pageQuery,
  customerId: Id.optional(),
  ownerId: Id.optional(),
  issuedFrom: BusinessDate.optional(),
  issuedTo: BusinessDate.optional(),
  /** In the number or the customer's name of then. */
  q: line(100).optional(),
});
/** The register, the latest first. */
export const listDunningNotices = rpc('billing.dunning-notice.list', {
  input: DunningNoticeQuery.extend(scoped),
  output: pageOf(DunningNotice),
});
export const getDunningNotice = rpc('billing.dunning-notice.get', {
  input: z.strictObject({ noticeId: Id, ...scoped }),
  output: DunningNotice,
});
export const DunningNoticePrint = z.strictObject({ id: repeated(Id, NOTICES_AT_ONCE) });
/** What is to be printed, in the order asked for; that it is printed now, and by whom, is written down. */
export const printDunningNotices = rpc('billing.dunning-notice.print', {
  input: z.strictObject({ noticeIds: z.array(Id).min(1).max(NOTICES_AT_ONCE), ...scoped }),
  output: z.object({ items: z.array(DunningNotice) }),
});

export const noticeIssued = event(
  'billing.notice.issued',
  z.object({
    id: Id,
    number: z.string(),
    customerId: Id,
    language: Language,
    issuedOn: BusinessDate,
    payBy: BusinessDate,
    total: Money,
    purchaseIds: z.array(Id),
  }),
);

/** One print of a notice, the first or any later one: version 1, for ever. */
export const noticePrinted = event(
  'billing.notice.printed',
  z.object({ noticeId: Id, number: z.string(), customerId: Id }),
);

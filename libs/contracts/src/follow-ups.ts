import { z } from 'zod';
import { BusinessDate, Id, Timestamp, pageOf, pageQuery, prose } from './common.js';
import { event } from './event.js';
import { rpc, svc } from './rpc.js';

export const FollowUpKind = z.enum(['call', 'visit', 'message', 'email', 'other']);

/** What was said with a customer; never changed once it is entered. */
export const FollowUp = z.object({
  id: Id,
  customerId: Id,
  kind: FollowUpKind,
  content: z.string(),
  occurredAt: Timestamp,
  nextOn: BusinessDate.optional(),
  byUserId: Id,
  /** The owner for whom a delegate acted. */
  forUserId: Id.optional(),
  createdAt: Timestamp,
});
export type FollowUp = z.infer<typeof FollowUp>;

export const NewFollowUp = z.strictObject({
  kind: FollowUpKind,
  content: prose().trim().min(1),
  /** Left out: now. */
  occurredAt: Timestamp.optional(),
  /** When the customer is to be spoken to again. */
  nextOn: BusinessDate.optional(),
});
export const FollowUpQuery = z.strictObject(pageQuery);

const ofCustomer = { customerId: Id };
/** The latest first. */
export const listFollowUps = rpc('customers.follow-up.list', {
  input: FollowUpQuery.extend(ofCustomer),
  output: pageOf(FollowUp),
});
/** Errors: `rule-violated/date-in-future`, `rule-violated/next-before-follow-up`. */
export const recordFollowUp = rpc('customers.follow-up.record', {
  input: NewFollowUp.extend(ofCustomer),
  output: FollowUp,
});

/** A customer who is to be spoken to again. */
export const DueCustomer = z.object({
  customerId: Id,
  customerName: z.string(),
  ownerId: Id,
  nextOn: BusinessDate,
  overdueDays: z.int(),
});
export const DueFollowUp = DueCustomer.extend({ followUp: FollowUp });
export type DueFollowUp = z.infer<typeof DueFollowUp>;
export const DueFollowUpQuery = z.strictObject({
  ...pageQuery,
  /** Left out: today. */
  until: BusinessDate.optional(),
  ownerId: Id.optional(),
});
/** Customers whose latest follow-up named a next date that has come, the longest overdue first. */
export const listDueFollowUps = rpc('customers.follow-up.due', {
  input: DueFollowUpQuery,
  output: pageOf(DueFollowUp),
});

/** How many there are, and the longest overdue. */
export const DueCustomers = z.object({ count: z.int(), items: z.array(DueCustomer) });
export type DueCustomers = z.infer<typeof DueCustomers>;
/** The same for a digest's recipient. */
export const findDueFollowUps = svc('billing.customers.follow-up.due-of', {
  input: z.strictObject({ userId: Id, until: BusinessDate, limit: z.int().min(1).max(100) }),
  output: DueCustomers,
});

/** Version 1, for ever. */
export const followUpRecorded = event(
  'customers.follow-up.recorded',
  z.object({ id: Id, customerId: Id, kind: FollowUpKind, nextOn: BusinessDate.nullable() }),
);

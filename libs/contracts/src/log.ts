import { z } from 'zod';
import { BusinessDate, Done, Id, Timestamp, line, pageOf, pageQuery } from './common.js';
import { FollowUp } from './follow-ups.js';
import { rpc, svc } from './rpc.js';

export const LogEntryKind = z.enum(['operation', 'follow-up']);
export type LogEntryKind = z.infer<typeof LogEntryKind>;

/** One thing that was done, and by whom. */
export const LogEntry = z.object({
  id: Id,
  at: Timestamp,
  kind: LogEntryKind,
  /** Such as `created`, `edited`, `transferred`: what was done to the resource. */
  action: z.string(),
  /** Such as `customer`, `contact`, `purchase`. */
  resource: z.string(),
  resourceId: z.string().optional(),
  customerId: Id.optional(),
  customerName: z.string().optional(),
  /** Left out: the system itself did it. */
  byUserId: Id.optional(),
  byName: z.string().optional(),
  /** The owner for whom a delegate acted. */
  forUserId: Id.optional(),
  forName: z.string().optional(),
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  followUp: FollowUp.optional(),
  details: z.record(z.string(), z.unknown()),
});
export type LogEntry = z.infer<typeof LogEntry>;

export const LogQuery = z.strictObject({ ...pageQuery, kind: LogEntryKind.optional() });
/** Operations and follow-ups of a customer together, newest first; for whoever sees the customer. */
export const listLog = rpc('customers.log.list', {
  input: LogQuery.extend({ customerId: Id }),
  output: pageOf(LogEntry),
});

export const AuditQuery = z.strictObject({
  ...pageQuery,
  userId: Id.optional(),
  action: line(60).optional(),
  resource: line(60).optional(),
  customerId: Id.optional(),
  /** Days of the organisation's zone, both included. */
  from: BusinessDate.optional(),
  to: BusinessDate.optional(),
});
/** Everything that was done, newest first; for the administrator. */
export const listAudit = rpc('customers.log.audit', { input: AuditQuery, output: pageOf(LogEntry) });

/**
 * Notes that the caller takes data away, before any of it leaves: one entry for each file or print. `what` is the list's
 * name. With a single customer the entry stands in that customer's log. Errors: `not-found`, `forbidden` for one that he
 * may not take away.
 */
export const recordTakeaway = rpc('customers.log.record', {
  input: z.strictObject({
    action: z.enum(['exported', 'printed']),
    what: line(60),
    format: line(20),
    filter: z.record(z.string(), z.unknown()).default({}),
    customerIds: z.array(Id).max(1_000).optional(),
  }),
  output: z.object({ id: Id }),
});

/**
 * How many rows left, which shows in the entry's details: as `rowCount`, and as `complete` whether those were all. It
 * needs no token: the caller's may be over by the end of a long file.
 */
export const endTakeaway = svc('gateway.customers.log.end-takeaway', {
  input: z.strictObject({ id: Id, rowCount: z.int().nonnegative(), complete: z.boolean() }),
  output: Done,
});

import { z } from 'zod';
import { BusinessDate, Done, Id, Money, Span, Timestamp, line, pageOf, pageQuery, teamQuery } from './common.js';
import { Scope } from './context.js';
import { event, job } from './event.js';
import { DueCustomers } from './follow-ups.js';
import { rpc } from './rpc.js';

/** Set by the gateway: what the caller may see, as of now. */
const scoped = { scope: Scope };

// ---------------------------------------------------------------- arrears

export const BUCKETS = ['notDue', 'd1_30', 'd31_60', 'd61_90', 'over90'] as const;
export const Bucket = z.enum(BUCKETS);
export type Bucket = z.infer<typeof Bucket>;
const Buckets = z.object({ notDue: Money, d1_30: Money, d31_60: Money, d61_90: Money, over90: Money });

export const ArrearsRow = z.object({
  purchaseId: Id,
  customerId: Id,
  customerName: z.string(),
  ownerId: Id,
  productName: z.string(),
  payable: z.string(),
  paid: z.string(),
  balance: z.string(),
  soldOn: BusinessDate,
  dueOn: BusinessDate,
  /** Negative or zero: not due yet. */
  daysPastDue: z.int(),
  bucket: Bucket,
});
export type ArrearsRow = z.infer<typeof ArrearsRow>;
export const ArrearsQuery = z.strictObject({
  ...pageQuery,
  ...teamQuery,
  ownerId: Id.optional(),
  bucket: Bucket.optional(),
  /** Left out: today. */
  asOf: BusinessDate.optional(),
  q: line(100).optional(),
});
export const listArrears = rpc('billing.arrears.list', {
  input: ArrearsQuery.extend(scoped),
  output: pageOf(ArrearsRow).extend({ total: z.string(), count: z.int() }),
});

const sums = { total: z.string(), customers: z.int(), purchases: z.int(), buckets: Buckets };
export const ArrearsSummary = z.object({
  asOf: BusinessDate,
  currency: z.string(),
  ...sums,
  owners: z.array(z.object({ ownerId: Id, username: z.string(), ownerName: z.string(), ...sums })).optional(),
  /** By the owners' teams of now; `null` is those without one. */
  teams: z.array(z.object({ teamId: Id.nullable(), ...sums })).optional(),
});
export type ArrearsSummary = z.infer<typeof ArrearsSummary>;
export const ArrearsSummaryQuery = z.strictObject({
  ...teamQuery,
  asOf: BusinessDate.optional(),
  groupBy: z.enum(['owner', 'team']).optional(),
});
export const summarizeArrears = rpc('billing.arrears.summarize', {
  input: ArrearsSummaryQuery.extend(scoped),
  output: ArrearsSummary,
});
/** For a transfer's preview: what these customers owe today, and their open reminders. */
export const countOpen = rpc('billing.arrears.count-open', {
  input: z.strictObject({ ...scoped, customerIds: z.array(Id).max(10_000) }),
  output: z.object({ openArrears: z.object({ count: z.int(), amount: z.string() }), openReminders: z.int() }),
});

// ---------------------------------------------------------------- service fees

export const ServiceFee = z.object({
  purchaseId: Id,
  customerId: Id,
  customerName: z.string(),
  ownerId: Id,
  productName: z.string(),
  annualFee: z.string(),
  serviceEndsOn: BusinessDate,
  /** Negative: expired. */
  daysLeft: z.int(),
  state: z.enum(['upcoming', 'due', 'expired', 'closed']),
  reminderId: Id.optional(),
});
export const ServiceFeeQuery = z.strictObject({
  ...pageQuery,
  ...teamQuery,
  /** How far ahead. Those that end within it, and the expired ones. Left out: those whose lead date has come. */
  within: Span.optional(),
  state: ServiceFee.shape.state.optional(),
  ownerId: Id.optional(),
});
export const listServiceFees = rpc('billing.service-fee.list', {
  input: ServiceFeeQuery.extend(scoped),
  output: pageOf(ServiceFee),
});

const ForecastPart = z.object({ count: z.int(), amount: z.string() });
/** Of the services that end within so many days of today, each with those before; what is closed or expired is not in it. */
export const ServiceFeeForecast = z.object({ d30: ForecastPart, d60: ForecastPart, d90: ForecastPart });
export type ServiceFeeForecast = z.infer<typeof ServiceFeeForecast>;
export const forecastServiceFees = rpc('billing.service-fee.forecast', {
  input: z.strictObject(scoped),
  output: ServiceFeeForecast,
});

// ---------------------------------------------------------------- reminders

export const ReminderKind = z.enum(['service-fee', 'arrears']);
export const ReminderState = z.enum(['open', 'acknowledged', 'snoozed', 'promised', 'disputed', 'settled', 'closed']);
export const Reminder = z.object({
  id: Id,
  kind: ReminderKind,
  customerId: Id,
  customerName: z.string(),
  purchaseId: Id,
  ownerId: Id,
  /** What it is about: the service end date, or the due date. One reminder per kind, purchase and period. */
  periodStart: BusinessDate,
  dueOn: BusinessDate,
  amount: z.string(),
  state: ReminderState,
  /** While it is paused: the day on which it is open again by itself. */
  until: BusinessDate.optional(),
  promise: z.object({ amount: z.string(), date: BusinessDate }).optional(),
  note: z.string().optional(),
  createdAt: Timestamp,
  version: z.int(),
});
export type Reminder = z.infer<typeof Reminder>;
export const ReminderQuery = z.strictObject({
  ...pageQuery,
  ...teamQuery,
  kind: ReminderKind.optional(),
  state: ReminderState.optional(),
  customerId: Id.optional(),
  ownerId: Id.optional(),
});
export const listReminders = rpc('billing.reminder.list', {
  input: ReminderQuery.extend(scoped),
  output: pageOf(Reminder),
});

export const NewSweep = z.strictObject({ asOf: BusinessDate.optional() });
export const Sweep = z.object({
  asOf: BusinessDate,
  state: z.enum(['running', 'completed']),
  shards: z.int(),
  shardsDone: z.int(),
  opened: z.int(),
});
/** Starts the sweep of that day, or tells how the one that was started stands. Never ahead of today. */
export const startSweep = rpc('billing.sweep.start', { input: NewSweep, output: Sweep });

// ---------------------------------------------------------------- digests

/** For whom it is: of all customers, of those of one's teams, or of one's own and those delegated to one. */
export const DigestKind = z.enum(['finance', 'manager', 'salesperson']);
export type DigestKind = z.infer<typeof DigestKind>;
export const DigestSubscription = z.object({
  id: Id,
  userId: Id,
  kind: DigestKind,
  frequency: z.enum(['daily', 'weekly']),
  /** ISO: 1 is Monday. */
  weekday: z.int().min(1).max(7).optional(),
  time: z.string(),
  zone: z.string(),
});
export const NewDigestSubscription = z
  .strictObject({
    /** Left out: the caller. Only the administrator names another. */
    userId: Id.optional(),
    kind: DigestKind,
    frequency: z.enum(['daily', 'weekly']),
    weekday: z.int().min(1).max(7).optional(),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Such as 08:30'),
    /** Left out: the organisation's. */
    zone: line(64).optional(),
  })
  .refine((input) => (input.frequency === 'weekly') === (input.weekday !== undefined), {
    path: ['weekday'],
    message: 'Named with a weekly digest, and only there',
  });
export const DigestSummary = z.object({
  id: Id,
  kind: DigestKind,
  recipientId: Id,
  periodStart: BusinessDate,
  periodEnd: BusinessDate,
  sentAt: Timestamp.nullable(),
  state: z.enum(['pending', 'sent', 'failed']),
});
export const DigestContent = z.object({
  summary: ArrearsSummary,
  /** Purchases since the last digest: newly in arrears, no longer so, with a larger balance. */
  changes: z.object({ new: ForecastPart, cured: ForecastPart, worse: ForecastPart }),
  topDebtors: z.array(
    z.object({ customerId: Id, customerName: z.string(), ownerId: Id, balance: z.string(), purchases: z.int() }),
  ),
  serviceFees: ServiceFeeForecast,
  /** Whom to speak to again by then, where one has customers to speak to. `null`: they could not be had at that time. */
  followUps: DueCustomers.nullable().optional(),
});
export type DigestContent = z.infer<typeof DigestContent>;
export const Digest = DigestSummary.extend(DigestContent.shape);
export const DigestQuery = z.strictObject(pageQuery);

export const listDigestSubscriptions = rpc('billing.digest-subscription.list', {
  input: z.strictObject(pageQuery),
  output: pageOf(DigestSubscription),
});
export const createDigestSubscription = rpc('billing.digest-subscription.create', {
  input: NewDigestSubscription,
  output: DigestSubscription,
});
export const deleteDigestSubscription = rpc('billing.digest-subscription.delete', {
  input: z.strictObject({ subscriptionId: Id }),
  output: Done,
});
/** One's own; the administrator sees all. */
export const listDigests = rpc('billing.digest.list', { input: DigestQuery, output: pageOf(DigestSummary) });
export const getDigest = rpc('billing.digest.get', {
  input: z.strictObject({ digestId: Id, ...scoped }),
  output: Digest,
});
export const DigestPreviewRequest = z.strictObject({ kind: DigestKind });
/** What one's digest would say now; nothing is kept or sent. */
export const previewDigest = rpc('billing.digest.preview', {
  input: DigestPreviewRequest.extend(scoped),
  output: DigestContent,
});

// ---------------------------------------------------------------- jobs and events

export const sweepShard = job('billing.sweep-shard', z.object({ asOf: BusinessDate, shard: z.int(), shards: z.int() }));
export const sendDigest = job(
  'billing.send-digest',
  z.object({ subscriptionId: Id, periodStart: BusinessDate, periodEnd: BusinessDate }),
);

/** The reminder as it stands. A pause ends by itself on the day `until`, told of or not. */
export const reminderChanged = event(
  'billing.reminder.changed',
  z.object({
    id: Id,
    kind: ReminderKind,
    customerId: Id,
    purchaseId: Id,
    periodStart: BusinessDate,
    amount: Money,
    state: ReminderState,
    until: BusinessDate.optional(),
    promise: z.object({ amount: Money, date: BusinessDate }).optional(),
    note: z.string().optional(),
    /**
     * `resumed`: its pause has run out. `reopened`: what settled it was taken back. `adjusted`: another amount. Left
     * out in events from before there was anything to do but to open and to settle.
     */
    action: z
      .enum([
        'opened',
        'adjusted',
        'acknowledged',
        'snoozed',
        'promised',
        'disputed',
        'closed',
        'resumed',
        'settled',
        'reopened',
        'republished',
      ])
      .optional(),
  }),
);

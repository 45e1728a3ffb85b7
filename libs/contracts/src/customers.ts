import { z } from 'zod';
import {
  BusinessDate,
  Done,
  Id,
  Language,
  Tag,
  Timestamp,
  Version,
  line,
  pageOf,
  pageQuery,
  prose,
  repeated,
  teamQuery,
} from './common.js';
import { Grant, Scope, VIA } from './context.js';
import { CustomFieldEdits, CustomFieldFilter, CustomFieldValues } from './custom-fields.js';
import { event } from './event.js';
import { rpc, svc } from './rpc.js';

// ---------------------------------------------------------------- statuses

export const CustomerStatus = z.object({
  id: Id,
  name: z.string(),
  color: z.string().optional(),
  position: z.int(),
  isDefault: z.boolean(),
  /** How many customers of the caller's view have it. */
  count: z.int(),
  version: Version,
});
const Color = z.string().regex(/^#[0-9a-f]{6}$/i, 'A colour such as #1677ff');
export const NewStatus = z.strictObject({ name: line(60), color: Color.optional(), isDefault: z.boolean().optional() });
export const StatusPatch = z.strictObject({
  name: line(60).optional(),
  color: Color.nullable().optional(),
  /** Its new place, from 0; the others make room. */
  position: z.int().min(0).max(1_000).optional(),
  isDefault: z.literal(true).optional(),
});
export const listStatuses = rpc('customers.status.list', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(CustomerStatus), nextCursor: z.null() }),
});
export const createStatus = rpc('customers.status.create', { input: NewStatus, output: CustomerStatus });
export const updateStatus = rpc('customers.status.update', {
  input: z.strictObject({ statusId: Id, patch: StatusPatch }),
  output: CustomerStatus,
});
/** Refused with `rule-violated/status-in-use` while customers have it and `moveTo` is missing. */
export const deleteStatus = rpc('customers.status.delete', {
  input: z.strictObject({ statusId: Id, moveTo: Id.optional() }),
  output: Done,
});

// ---------------------------------------------------------------- customers

export const Customer = z.object({
  id: Id,
  name: z.string(),
  keyword: z.string(),
  statusId: Id,
  ownerId: Id,
  ownerName: z.string(),
  createdOn: BusinessDate,
  code: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
  address: z.string().optional(),
  region: z.string().optional(),
  industry: z.string().optional(),
  source: z.string().optional(),
  website: z.string().optional(),
  taxId: z.string().optional(),
  invoiceTitle: z.string().optional(),
  paymentTermDays: z.int().optional(),
  language: Language.optional(),
  note: z.string().optional(),
  tags: z.array(z.string()),
  customFields: z.record(z.string(), z.unknown()),
  access: z.object({ via: z.enum(VIA), delegationId: Id.optional() }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  deletedAt: Timestamp.optional(),
  version: Version,
});
export type Customer = z.infer<typeof Customer>;

const required = { name: line(200), keyword: line(60) };
const optional = {
  createdOn: BusinessDate,
  code: line(64),
  phone: line(60),
  email: z.email().max(254),
  address: line(300),
  region: line(100),
  industry: line(100),
  source: line(100),
  website: line(300),
  taxId: line(64),
  invoiceTitle: line(200),
  paymentTermDays: z.int().min(0).max(3_650),
  language: Language,
  note: prose(),
};
const tags = z.array(Tag).max(50);
/** A create or rename that resembles another customer needs it to go through. */
const acknowledgeDuplicates = z.boolean().optional();

export const NewCustomer = z.strictObject({
  ...required,
  /** Left out: the default status. */
  statusId: Id.optional(),
  /** Left out: the caller. Only the administrator names another. */
  ownerId: Id.optional(),
  ...z.strictObject(optional).partial().shape,
  tags: tags.optional(),
  customFields: CustomFieldValues.optional(),
  acknowledgeDuplicates,
});
const { createdOn, ...clearable } = optional;
export const CustomerPatch = z.strictObject({
  ...z.strictObject({ ...required, statusId: Id, createdOn, tags }).partial().shape,
  ...(Object.fromEntries(Object.entries(clearable).map(([name, field]) => [name, field.nullable().optional()])) as {
    [K in keyof typeof clearable]: z.ZodOptional<z.ZodNullable<(typeof clearable)[K]>>;
  }),
  customFields: CustomFieldEdits.optional(),
  acknowledgeDuplicates,
});

export const CUSTOMER_SORTS = ['name', '-name', 'createdOn', '-createdOn', 'updatedAt', '-updatedAt'] as const;
export const CustomerQuery = z.strictObject({
  ...pageQuery,
  ...teamQuery,
  statusId: Id.optional(),
  ownerId: Id.optional(),
  q: line(100).optional(),
  /** All of them. */
  tag: repeated(Tag, 10).optional(),
  /** `<key>:<value>` of custom fields; all of them. */
  custom: repeated(CustomFieldFilter, 10).optional(),
  /** The last follow-up was before that day, or there was none. */
  noFollowUpSince: BusinessDate.optional(),
  createdFrom: BusinessDate.optional(),
  createdTo: BusinessDate.optional(),
  relation: z.enum(['owned', 'delegated']).optional(),
  /** Only deleted ones; for the administrator. */
  deleted: z.stringbool().optional(),
  sort: z.enum(CUSTOMER_SORTS).default('-createdOn'),
});

const customerId = { customerId: Id };
export const listCustomers = rpc('customers.customer.list', { input: CustomerQuery, output: pageOf(Customer) });
export const createCustomer = rpc('customers.customer.create', { input: NewCustomer, output: Customer });
export const getCustomer = rpc('customers.customer.get', { input: z.strictObject(customerId), output: Customer });
export const updateCustomer = rpc('customers.customer.update', {
  input: z.strictObject({ ...customerId, patch: CustomerPatch }),
  output: Customer,
});
export const deleteCustomer = rpc('customers.customer.delete', { input: z.strictObject(customerId), output: Done });
export const restoreCustomer = rpc('customers.customer.restore', {
  input: z.strictObject(customerId),
  output: Customer,
});

export const DuplicateMatch = z.object({
  /** Only of a customer that the caller may see. */
  customerId: Id.optional(),
  name: z.string(),
  keyword: z.string(),
  ownerName: z.string(),
  statusName: z.string(),
  reason: z.enum(['same-keyword', 'name-contains-keyword', 'keyword-in-name', 'alike']),
});
export type DuplicateMatch = z.infer<typeof DuplicateMatch>;
/** Ten matches at most, best first, with the number of all; that is counted no further than 1,000. */
export const DuplicateReport = z.object({ matches: z.array(DuplicateMatch).max(10), total: z.int() });
export type DuplicateReport = z.infer<typeof DuplicateReport>;
export const DuplicateCheck = z.strictObject(required);
/** What could be better about a keyword: the shorter the better, as long as it tells one customer from the others. */
export const KeywordHint = z.enum([
  'keyword-too-short',
  'keyword-too-common',
  'keyword-too-long',
  'keyword-not-in-name',
]);
export type KeywordHint = z.infer<typeof KeywordHint>;
export const CheckedName = DuplicateReport.extend({
  hints: z.array(KeywordHint),
  /** How many customers' names hold the keyword; counted no further than 1,000. */
  keywordCount: z.int(),
});
export type CheckedName = z.infer<typeof CheckedName>;
export const checkDuplicates = rpc('customers.customer.check-duplicates', {
  input: DuplicateCheck,
  output: CheckedName,
});

// ---------------------------------------------------------------- access

export const ScopePart = z.enum(['own', 'delegated']);
export type ScopePart = z.infer<typeof ScopePart>;

/** The grant of the caller for one customer, or `not-found`. A deleted customer is found by the administrator alone. */
export const resolveAccess = rpc('customers.access.resolve', {
  input: z.strictObject(customerId),
  output: Grant,
  timeout: 2_000,
});
/**
 * What the caller sees in lists and sums, as of now; or the part of it that is his own (what he owns, manages or
 * administers: that he may take away), or the part that is only delegated to him. With a team: what of it belongs to
 * owners in that team or below it.
 */
export const resolveScope = rpc('customers.access.scope', {
  input: z.strictObject({ part: ScopePart.optional(), ...teamQuery }),
  output: z.object({
    scope: Scope,
  }),
  timeout: 2_000,
});
/** The same for a digest's recipient; asked just before it is rendered. */
export const resolveScopeOf = svc('billing.customers.access.scope-of', {
  input: z.strictObject({ userId: Id }),
  output: resolveScope.output,
});

// ---------------------------------------------------------------- transfers

export const TransferSelection = {
  customerIds: z.array(Id).min(1).max(10_000).optional(),
  /** All customers of this user, for a leaver. */
  fromUserId: Id.optional(),
  toUserId: Id,
};
export const TransferPreviewRequest = z.strictObject(TransferSelection);
export const NewTransfer = z.strictObject({ ...TransferSelection, reason: line(500) });
export const Transfer = z.object({
  id: Id,
  fromUserIds: z.array(Id),
  toUserId: Id,
  customerCount: z.int(),
  reason: z.string(),
  /** Set for a part of a hand-over, with which it is undone. */
  handOverId: Id.optional(),
  createdAt: Timestamp,
  undoUntil: Timestamp,
  undoneAt: Timestamp.optional(),
});
export type Transfer = z.infer<typeof Transfer>;
/** The part of the preview that the customers service knows; the gateway adds what billing counts. */
export const previewTransfer = rpc('customers.transfer.preview', {
  input: TransferPreviewRequest,
  output: z.object({ customerIds: z.array(Id), customerCount: z.int() }),
});
export const TransferPreview = z.object({
  customerCount: z.int(),
  openArrears: z.object({ count: z.int(), amount: z.string() }),
  openReminders: z.int(),
});
export const createTransfer = rpc('customers.transfer.create', { input: NewTransfer, output: Transfer });
export const TransferQuery = z.strictObject(pageQuery);
/** Those that the caller made, gave or received; the administrator sees all. */
export const listTransfers = rpc('customers.transfer.list', { input: TransferQuery, output: pageOf(Transfer) });
export const undoTransfer = rpc('customers.transfer.undo', {
  input: z.strictObject({ transferId: Id }),
  output: Transfer,
});

// ---------------------------------------------------------------- delegations

export const Delegation = z.object({
  id: Id,
  ownerId: Id,
  delegateId: Id,
  scope: z.enum(['customers', 'all']),
  customerIds: z.array(Id),
  startsAt: Timestamp,
  endsAt: Timestamp.nullable(),
  reason: z.string(),
  state: z.enum(['scheduled', 'active', 'expired', 'revoked']),
  revokedAt: Timestamp.optional(),
});
export type Delegation = z.infer<typeof Delegation>;
export const NewDelegation = z
  .strictObject({
    /** Named by the administrator alone. */
    ownerId: Id.optional(),
    delegateId: Id,
    customerIds: z.array(Id).min(1).max(10_000).optional(),
    scope: z.literal('all').optional(),
    /** Left out: now. */
    startsAt: Timestamp.optional(),
    endsAt: Timestamp.nullable().optional(),
    reason: line(500),
  })
  .refine((input) => (input.customerIds === undefined) !== (input.scope === undefined), {
    path: ['customerIds'],
    message: 'Either customerIds or scope "all"',
  });
export const DelegationQuery = z.strictObject({ ...pageQuery, direction: z.enum(['given', 'received']).optional() });
export const listDelegations = rpc('customers.delegation.list', { input: DelegationQuery, output: pageOf(Delegation) });
export const createDelegation = rpc('customers.delegation.create', { input: NewDelegation, output: Delegation });
export const revokeDelegation = rpc('customers.delegation.revoke', {
  input: z.strictObject({ delegationId: Id }),
  output: Delegation,
});

// ---------------------------------------------------------------- asked by other services

/** Who acts in work that outlives a request; the callee judges his rights as of now. */
const forUser = { userId: Id };
/**
 * Customers by code or id, of those that the user may see; the others are simply not in the answer. Codes match in
 * either script, width and case. `via` tells what he may do: finance sees all and edits none. `importing`: a file of
 * his with customers is still being taken in, so that a code which isn't there may yet come.
 */
export const findCustomers = svc('sales.customers.customer.find', {
  input: z.strictObject({
    ...forUser,
    codes: z.array(z.string()).max(1_000).optional(),
    ids: z.array(Id).max(1_000).optional(),
  }),
  output: z.object({
    importing: z.boolean(),
    customers: z.array(
      z.object({
        id: Id,
        code: z.string().optional(),
        ownerId: Id,
        paymentTermDays: z.int().optional(),
        via: z.enum(VIA),
        delegationId: Id.optional(),
      }),
    ),
  }),
});

// ---------------------------------------------------------------- events

/** The customer's state, after whatever happened to it. */
export const customerChanged = event(
  'customers.customer.changed',
  z.object({
    id: Id,
    name: z.string(),
    keyword: z.string(),
    code: z.string().nullable(),
    statusId: Id,
    ownerId: Id,
    createdOn: BusinessDate,
    paymentTermDays: z.int().nullable(),
    language: Language.nullable(),
    deleted: z.boolean(),
    /** What was done, and which fields it changed. */
    action: z.enum(['created', 'edited', 'deleted', 'restored', 'imported', 'republished']),
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    acknowledgedDuplicates: z.boolean().optional(),
    /** Raised by one for each owner whose view this changed (a deletion, a restoration). */
    owners: z.array(z.object({ id: Id, accessVersion: z.int() })),
  }),
);
/**
 * Customers changed their owner. At most 500 in one event; each raises the access version of every owner named by
 * exactly one, so that a gap shows.
 */
export const customersTransferred = event(
  'customers.ownership.changed',
  z.object({
    transferId: Id,
    action: z.enum(['transferred', 'undone']),
    customers: z.array(z.object({ id: Id, version: z.int(), fromOwnerId: Id, toOwnerId: Id })).max(500),
    owners: z.array(z.object({ id: Id, accessVersion: z.int() })),
  }),
);
/** An owner's access version as it stands; published by `republish`, and taken as it is. */
export const accessVersionStated = event('customers.access.stated', z.object({ ownerId: Id, accessVersion: z.int() }));
export const delegationChanged = event(
  'customers.delegation.changed',
  z.object({
    id: Id,
    ownerId: Id,
    delegateId: Id,
    scope: z.enum(['customers', 'all']),
    customerIds: z.array(Id),
    startsAt: Timestamp,
    endsAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    action: z.enum(['given', 'revoked', 'ended-by-transfer', 'ended-by-hand-over', 'resumed', 'republished']),
  }),
);

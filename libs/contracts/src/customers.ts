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
import { VIA } from './context.js';
import { CustomFieldEdits, CustomFieldFilter, CustomFieldValues } from './custom-fields.js';
import { naming } from './duplicates.js';
import { event } from './event.js';
import { rpc, svc } from './rpc.js';

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
  ...naming,
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
  ...z.strictObject({ ...naming, statusId: Id, createdOn, tags }).partial().shape,
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

import { z } from 'zod';
import { BusinessDate, Done, Id, Timestamp, Version, line, pageOf, pageQuery, prose } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

/** A person at a customer. */
export const Contact = z.object({
  id: Id,
  customerId: Id,
  name: z.string(),
  title: z.string().optional(),
  phone: z.string().optional(),
  mobile: z.string().optional(),
  email: z.string().optional(),
  wechat: z.string().optional(),
  birthday: BusinessDate.optional(),
  note: z.string().optional(),
  primary: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
});
export type Contact = z.infer<typeof Contact>;

const optional = {
  title: line(100),
  phone: line(60),
  mobile: line(60),
  email: z.email().max(254),
  wechat: line(100),
  birthday: BusinessDate,
  note: prose(),
};
export const NewContact = z.strictObject({
  name: line(100),
  ...z.strictObject(optional).partial().shape,
  /** The customer's first contact is so in any case. */
  primary: z.boolean().optional(),
});
export const ContactPatch = z.strictObject({
  name: line(100).optional(),
  ...(Object.fromEntries(Object.entries(optional).map(([name, field]) => [name, field.nullable().optional()])) as {
    [K in keyof typeof optional]: z.ZodOptional<z.ZodNullable<(typeof optional)[K]>>;
  }),
  /** Taken from the other. */
  primary: z.literal(true).optional(),
});
export const ContactQuery = z.strictObject(pageQuery);

const ofCustomer = { customerId: Id };
const ofContact = { ...ofCustomer, contactId: Id };
/** The primary one first, then by name. */
export const listContacts = rpc('customers.contact.list', {
  input: ContactQuery.extend(ofCustomer),
  output: pageOf(Contact),
});
export const createContact = rpc('customers.contact.create', { input: NewContact.extend(ofCustomer), output: Contact });
export const getContact = rpc('customers.contact.get', { input: z.strictObject(ofContact), output: Contact });
export const updateContact = rpc('customers.contact.update', {
  input: z.strictObject({ ...ofContact, patch: ContactPatch }),
  output: Contact,
});
/** If it was primary, the oldest of the others becomes so. */
export const deleteContact = rpc('customers.contact.delete', { input: z.strictObject(ofContact), output: Done });

/** That something happened to a contact; what he is called stays in the service. */
export const contactChanged = event(
  'customers.contact.changed',
  z.object({ id: Id, customerId: Id, primary: z.boolean(), action: z.enum(['created', 'edited', 'deleted']) }),
);

import { z } from 'zod';
import { Done, Id, Version, line } from './common.js';
import { rpc } from './rpc.js';

/** How a field is named in `customFields`, in a filter and in a file's columns; it never changes. */
export const CustomFieldKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Small letters, digits and _, a letter first');
export const CustomFieldType = z.enum(['text', 'number', 'date', 'choice', 'boolean']);
export type CustomFieldType = z.infer<typeof CustomFieldType>;

const CustomFieldValue = z.union([line(500), z.number(), z.boolean()]);
export type CustomFieldValue = z.infer<typeof CustomFieldValue>;
/** Values by their fields' keys. In an edit, what is left out stays, and null clears. */
export const CustomFieldValues = z.record(CustomFieldKey, CustomFieldValue);
export const CustomFieldEdits = z.record(CustomFieldKey, CustomFieldValue.nullable());

/** `<key>:<value>`, as a filter of the list. */
export const CustomFieldFilter = z
  .string()
  .max(600)
  .regex(/^[a-z][a-z0-9_]{0,39}:[^\u0000]+$/, '<key>:<value>')
  .refine((text) => text.isWellFormed(), 'Characters that are not text');

export const CustomField = z.object({
  id: Id,
  key: z.string(),
  label: z.string(),
  type: CustomFieldType,
  /** Of a choice. */
  options: z.array(z.string()).optional(),
  required: z.boolean(),
  position: z.int(),
  version: Version,
});
export type CustomField = z.infer<typeof CustomField>;

const options = z
  .array(line(100))
  .min(1)
  .max(200)
  .refine((given) => new Set(given).size === given.length, 'An option twice');
export const NewCustomField = z
  .strictObject({
    key: CustomFieldKey,
    label: line(60),
    type: CustomFieldType,
    options: options.optional(),
    required: z.boolean().default(false),
  })
  .refine(({ type, options }) => (type === 'choice') === (options !== undefined), {
    path: ['options'],
    message: 'A choice has options, and nothing else has',
  });
export const CustomFieldPatch = z.strictObject({
  label: line(60).optional(),
  options: options.optional(),
  required: z.boolean().optional(),
  /** Its new place, from 0; the others make room. */
  position: z.int().min(0).max(1_000).optional(),
});

const fieldId = { fieldId: Id };
export const listCustomFields = rpc('customers.custom-field.list', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(CustomField), nextCursor: z.null() }),
});
/** One that was deleted comes back under its key, with its values; its type is as it was. */
export const createCustomField = rpc('customers.custom-field.create', { input: NewCustomField, output: CustomField });
export const updateCustomField = rpc('customers.custom-field.update', {
  input: z.strictObject({ ...fieldId, patch: CustomFieldPatch }),
  output: CustomField,
});
export const deleteCustomField = rpc('customers.custom-field.delete', {
  input: z.strictObject(fieldId),
  output: Done,
});

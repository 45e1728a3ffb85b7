import type { Customer } from './customer.queries.js';

/** Fields that the form shows as plain text, in its order; `wide` ones take a line of their own. */
export const TEXT_FIELDS = [
  { name: 'code' },
  { name: 'phone' },
  { name: 'email' },
  { name: 'region' },
  { name: 'industry' },
  { name: 'source' },
  { name: 'website' },
  { name: 'taxId' },
  { name: 'invoiceTitle' },
  { name: 'address', wide: true },
] as const satisfies { name: keyof Customer; wide?: true }[];

export const FORM_FIELDS = [
  'name',
  'keyword',
  'statusId',
  'createdOn',
  ...TEXT_FIELDS.map(({ name }) => name),
  'paymentTermDays',
  'language',
  'note',
  'tags',
] as const;
type Field = (typeof FORM_FIELDS)[number];

export type CustomerValues = Partial<Pick<Customer, Field>> & {
  ownerId?: string;
  customFields?: Record<string, unknown>;
};

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/** What is sent for a new customer: the fields that were filled in. */
export function filledIn(values: CustomerValues): CustomerValues {
  const { customFields = {}, ...others } = values;
  const filled = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
  const own = filled(customFields);
  return { ...filled(others), ...(Object.keys(own).length > 0 && { customFields: own }) };
}

/** What is sent for an edit: the fields that differ from what was shown, `null` for those that were emptied. */
export function changesTo(shown: Customer, values: CustomerValues): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const field of FORM_FIELDS) {
    const value = isEmpty(values[field]) ? null : values[field];
    if (JSON.stringify(value) !== JSON.stringify(shown[field] ?? null)) changes[field] = value;
  }
  const own = Object.entries(values.customFields ?? {}).filter(
    ([key, value]) =>
      JSON.stringify(isEmpty(value) ? null : value) !== JSON.stringify(shown.customFields?.[key] ?? null),
  );
  if (own.length > 0) {
    changes['customFields'] = Object.fromEntries(own.map(([key, value]) => [key, isEmpty(value) ? null : value]));
  }
  return changes;
}

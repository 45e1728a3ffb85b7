import { BusinessDate } from '#contracts/common';
import type { CustomFieldValue } from '#contracts/custom-fields';
import type { FieldFault } from '#contracts/errors';
import { foldCode } from '../duplicate/folding.rules.js';
import type { CustomField } from './custom-field.entity.js';

export type CustomValues = Record<string, CustomFieldValue>;
export type CustomEdits = Record<string, CustomFieldValue | null>;
type Definition = Pick<CustomField, 'key' | 'type' | 'options' | 'required'>;

/** As much of a value as is looked for: an entry of the index has its limit. */
const TERM = 100;

/**
 * What is wrong with values that are to be written beside those kept: unknown keys, values of another type, options
 * that there aren't, and required fields without a value.
 */
export function customFaults(
  fields: readonly Definition[],
  edits: Readonly<CustomEdits>,
  kept: Readonly<CustomValues> = {},
): FieldFault[] {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const given = Object.entries(edits).flatMap(([key, value]): FieldFault[] => {
    const field = byKey.get(key);
    if (!field) return [fault(key, 'unknown-field', 'Unknown field')];
    const wrong = value === null ? undefined : wrongWith(field, value);
    return wrong ? [fault(key, ...wrong)] : [];
  });
  const after = withEdits(kept, edits);
  const missing = fields.filter(({ key, required }) => required && !(key in after));
  return [...given, ...missing.map(({ key }) => fault(key, 'required', 'Required'))];
}

const fault = (key: string, code: string, message: string) => ({ pointer: `/customFields/${key}`, code, message });

function wrongWith({ type, options }: Definition, value: CustomFieldValue): [string, string] | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? undefined : ['invalid-type', 'A text'];
    case 'number':
      return typeof value === 'number' ? undefined : ['invalid-type', 'A number'];
    case 'boolean':
      return typeof value === 'boolean' ? undefined : ['invalid-type', 'true or false'];
    case 'date':
      return BusinessDate.safeParse(value).success ? undefined : ['invalid-format', 'A date such as 2026-03-09'];
    case 'choice':
      return options?.includes(String(value)) ? undefined : ['invalid-option', `One of: ${options?.join(', ')}`];
  }
}

/** What is left of the values after an edit; those of deleted fields stay. */
export function withEdits(kept: Readonly<CustomValues>, edits: Readonly<CustomEdits>): CustomValues {
  const values = Object.entries({ ...kept, ...edits });
  return Object.fromEntries(values.filter((entry): entry is [string, CustomFieldValue] => entry[1] !== null));
}

/** What a customer is filtered by. */
export const termsOf = (values: Readonly<CustomValues>): string[] =>
  Object.entries(values).map(([key, value]) => termOf(key, String(value)));

/** The same of a filter `<key>:<value>`; undefined where no value of the field is written like that. */
export function termSought(fields: readonly Definition[], filter: string): string | undefined {
  const [key = ''] = filter.split(':', 1);
  const text = filter
    .slice(key.length + 1)
    .normalize('NFKC')
    .trim();
  switch (fields.find((field) => field.key === key)?.type) {
    case undefined:
      return undefined;
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? termOf(key, String(Number(text))) : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? termOf(key, text) : undefined;
    default:
      return text === '' ? undefined : termOf(key, text);
  }
}

const termOf = (key: string, text: string) => `${key}:${Array.from(foldCode(text)).slice(0, TERM).join('')}`;

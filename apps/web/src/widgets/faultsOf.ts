import type { FieldFault } from '#client/problem';
import { fieldFaults } from '#contracts/errors';
import type { TFunction } from 'i18next';
import type { z } from 'zod';

/** What is wrong with a form's values by the API's own schema, before they are sent. */
export function faultsOf(schema: z.ZodType, values: unknown): FieldFault[] {
  const result = schema.safeParse(values, { reportInput: true });
  return result.success ? [] : fieldFaults(result.error);
}

/** What our own check found, in the user's language. */
export function wordsOf({ code, params }: FieldFault, t: TFunction): string {
  if (code === 'required') return t('form.required');
  if (params && (code === 'too-small' || code === 'too-big')) return t(`form.${code}`, params);
  return t('form.invalid');
}

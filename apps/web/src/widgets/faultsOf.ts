import type { FieldFault } from '#client/problem';
import { fieldFaults } from '#contracts/errors';
import type { z } from 'zod';

/** What is wrong with a form's values by the API's own schema, before they are sent. */
export function faultsOf(schema: z.ZodType, values: unknown): FieldFault[] {
  const result = schema.safeParse(values, { reportInput: true });
  return result.success ? [] : fieldFaults(result.error);
}

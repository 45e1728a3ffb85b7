import { z } from 'zod';
import { FieldFault } from '#contracts/errors';

/** RFC 9457, with the members that our problems may have. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  errors: z.array(FieldFault).optional(),
});

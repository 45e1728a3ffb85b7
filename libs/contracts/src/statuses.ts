import { z } from 'zod';
import { Id } from './common.js';
import { event } from './event.js';

/** A customer status, after whatever happened to it. Others may have moved up or down with it. */
export const statusChanged = event(
  'customers.status.changed',
  z.object({
    id: Id,
    name: z.string(),
    color: z.string().nullable(),
    position: z.int(),
    isDefault: z.boolean(),
    action: z.enum(['created', 'edited', 'deleted']),
  }),
);

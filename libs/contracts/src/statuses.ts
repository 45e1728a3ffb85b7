import { z } from 'zod';
import { Done, Id, Version, line } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

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

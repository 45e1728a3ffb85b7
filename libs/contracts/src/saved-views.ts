import { z } from 'zod';
import { Done, Id, Version, line } from './common.js';
import { CustomerQuery } from './customers.js';
import { rpc } from './rpc.js';

/** What the list of customers is asked for, but for the page. */
export const SavedQuery = CustomerQuery.omit({ limit: true, cursor: true });
export const SavedView = z.object({
  id: Id,
  name: z.string(),
  /** Parameters of `GET /customers`; whoever uses the view sees what he may. */
  query: z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())])),
  shared: z.boolean(),
  ownerId: Id,
  ownerName: z.string(),
  /** Its place among its owner's. */
  position: z.int(),
  version: Version,
});
export type SavedView = z.infer<typeof SavedView>;
export const NewSavedView = z.strictObject({ name: line(60), query: SavedQuery, shared: z.boolean().default(false) });
export const SavedViewPatch = z.strictObject({
  name: line(60).optional(),
  query: SavedQuery.optional(),
  shared: z.boolean().optional(),
  /** Its new place, from 0; the others make room. */
  position: z.int().min(0).max(1_000).optional(),
});

const viewId = { viewId: Id };
/** One's own in their order, then what others share. */
export const listSavedViews = rpc('customers.saved-view.list', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(SavedView), nextCursor: z.null() }),
});
export const createSavedView = rpc('customers.saved-view.create', { input: NewSavedView, output: SavedView });
export const updateSavedView = rpc('customers.saved-view.update', {
  input: z.strictObject({ ...viewId, patch: SavedViewPatch }),
  output: SavedView,
});
export const deleteSavedView = rpc('customers.saved-view.delete', { input: z.strictObject(viewId), output: Done });

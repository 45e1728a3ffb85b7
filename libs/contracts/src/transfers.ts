import { z } from 'zod';
import { Id, Timestamp, line, pageOf, pageQuery } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

export const TransferSelection = {
  customerIds: z.array(Id).min(1).max(10_000).optional(),
  /** All customers of this user, for a leaver. */
  fromUserId: Id.optional(),
  toUserId: Id,
};
export const TransferPreviewRequest = z.strictObject(TransferSelection);
export const NewTransfer = z.strictObject({ ...TransferSelection, reason: line(500) });
export const Transfer = z.object({
  id: Id,
  fromUserIds: z.array(Id),
  toUserId: Id,
  customerCount: z.int(),
  reason: z.string(),
  /** Set for a part of a hand-over, with which it is undone. */
  handOverId: Id.optional(),
  createdAt: Timestamp,
  undoUntil: Timestamp,
  undoneAt: Timestamp.optional(),
});
export type Transfer = z.infer<typeof Transfer>;
/** The part of the preview that the customers service knows; the gateway adds what billing counts. */
export const previewTransfer = rpc('customers.transfer.preview', {
  input: TransferPreviewRequest,
  output: z.object({ customerIds: z.array(Id), customerCount: z.int() }),
});
export const TransferPreview = z.object({
  customerCount: z.int(),
  openArrears: z.object({ count: z.int(), amount: z.string() }),
  openReminders: z.int(),
});
export const createTransfer = rpc('customers.transfer.create', { input: NewTransfer, output: Transfer });
export const TransferQuery = z.strictObject(pageQuery);
/** Those that the caller made, gave or received; the administrator sees all. */
export const listTransfers = rpc('customers.transfer.list', { input: TransferQuery, output: pageOf(Transfer) });
export const undoTransfer = rpc('customers.transfer.undo', {
  input: z.strictObject({ transferId: Id }),
  output: Transfer,
});

/**
 * Customers changed their owner. At most 500 in one event; each raises the access version of every owner named by
 * exactly one, so that a gap shows.
 */
export const customersTransferred = event(
  'customers.ownership.changed',
  z.object({
    transferId: Id,
    action: z.enum(['transferred', 'undone']),
    customers: z.array(z.object({ id: Id, version: z.int(), fromOwnerId: Id, toOwnerId: Id })).max(500),
    owners: z.array(z.object({ id: Id, accessVersion: z.int() })),
  }),
);

import { z } from 'zod';
import { Id, Timestamp, line, pageOf, pageQuery } from './common.js';
import { rpc } from './rpc.js';

const userId = { userId: Id };
const OpenArrears = z.object({ count: z.int(), amount: z.string() });
const distinct = (list: readonly string[]) => new Set(list).size === list.length;

/** Among whom a leaver's customers are dealt out. */
const Receivers = { toUserIds: z.array(Id).min(1).max(20).refine(distinct, 'A user twice') };

/** What somebody holds, so that nothing is left behind when he leaves. */
export const Holdings = z.object({
  customers: z.int(),
  openArrears: OpenArrears,
  openReminders: z.int(),
  /** Running ones and those to come. */
  delegationsGiven: z.int(),
  delegationsReceived: z.int(),
});
export const HandOverPreviewRequest = z.strictObject(Receivers);
export const HandOverPreview = z.object({
  receivers: z.array(z.object({ ...userId, customers: z.int(), openArrears: OpenArrears, openReminders: z.int() })),
});
export const NewHandOver = z.strictObject({ ...Receivers, reason: line(500) });
export const HandOver = z.object({
  id: Id,
  ...userId,
  customerCount: z.int(),
  reason: z.string(),
  /** One for each receiver who got something. */
  transferIds: z.array(Id),
  /** Those given and received that it ended. */
  delegationIds: z.array(Id),
  createdAt: Timestamp,
  undoUntil: Timestamp,
  undoneAt: Timestamp.optional(),
});
export type HandOver = z.infer<typeof HandOver>;
export const HandOverQuery = z.strictObject(pageQuery);

/** The part of the holdings that the customers service knows; the gateway adds what billing counts. */
export const findHoldings = rpc('customers.hand-over.holdings', {
  input: z.strictObject(userId),
  output: z.object({ customerIds: z.array(Id), delegationsGiven: z.int(), delegationsReceived: z.int() }),
});
/** The same of the preview. */
export const previewHandOver = rpc('customers.hand-over.preview', {
  input: z.strictObject({ ...userId, ...Receivers }),
  output: z.object({ receivers: z.array(z.object({ ...userId, customerIds: z.array(Id) })) }),
});
export const createHandOver = rpc('customers.hand-over.create', {
  input: NewHandOver.extend(userId),
  output: HandOver,
});
/** The latest first. */
export const listHandOvers = rpc('customers.hand-over.list', { input: HandOverQuery, output: pageOf(HandOver) });
export const undoHandOver = rpc('customers.hand-over.undo', {
  input: z.strictObject({ handOverId: Id }),
  output: HandOver,
});

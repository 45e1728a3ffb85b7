import { z } from 'zod';
import { Id, line } from './common.js';
import { rpc } from './rpc.js';

/** What tells one customer from another. */
export const naming = { name: line(200), keyword: line(60) };

export const DuplicateMatch = z.object({
  /** Only of a customer that the caller may see. */
  customerId: Id.optional(),
  name: z.string(),
  keyword: z.string(),
  ownerName: z.string(),
  statusName: z.string(),
  reason: z.enum(['same-keyword', 'name-contains-keyword', 'keyword-in-name', 'alike']),
});
export type DuplicateMatch = z.infer<typeof DuplicateMatch>;
/** Ten matches at most, best first, with the number of all; that is counted no further than 1,000. */
export const DuplicateReport = z.object({ matches: z.array(DuplicateMatch).max(10), total: z.int() });
export type DuplicateReport = z.infer<typeof DuplicateReport>;
export const DuplicateCheck = z.strictObject(naming);
/** What could be better about a keyword: the shorter the better, as long as it tells one customer from the others. */
export const KeywordHint = z.enum([
  'keyword-too-short',
  'keyword-too-common',
  'keyword-too-long',
  'keyword-not-in-name',
]);
export type KeywordHint = z.infer<typeof KeywordHint>;
export const CheckedName = DuplicateReport.extend({
  hints: z.array(KeywordHint),
  /** How many customers' names hold the keyword; counted no further than 1,000. */
  keywordCount: z.int(),
});
export type CheckedName = z.infer<typeof CheckedName>;
export const checkDuplicates = rpc('customers.customer.check-duplicates', {
  input: DuplicateCheck,
  output: CheckedName,
});

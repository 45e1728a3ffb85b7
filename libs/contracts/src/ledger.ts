import { z } from 'zod';
import { BusinessDate, Id, line, pageOf, pageQuery, teamQuery } from './common.js';
import { Scope } from './context.js';
import { rpc } from './rpc.js';

/** What somebody bought, as the receivables know it. */
export const LedgerPurchase = z.object({
  purchaseId: Id,
  customerId: Id,
  customerName: z.string(),
  ownerId: Id,
  productName: z.string(),
  payable: z.string(),
  paid: z.string(),
  balance: z.string(),
  inArrears: z.boolean(),
  soldOn: BusinessDate,
  dueOn: BusinessDate,
  annualFee: z.string().optional(),
  serviceEndsOn: BusinessDate.optional(),
  remind: z.boolean(),
});
export type LedgerPurchase = z.infer<typeof LedgerPurchase>;
export const LedgerPurchaseQuery = z.strictObject({
  ...pageQuery,
  ...teamQuery,
  customerId: Id.optional(),
  ownerId: Id.optional(),
  soldFrom: BusinessDate.optional(),
  soldTo: BusinessDate.optional(),
  inArrears: z.stringbool().optional(),
  /** A part of the customer's or the product's name. */
  q: line(100).optional(),
});
/** Across customers, those sold last first; without the void ones. */
export const listLedgerPurchases = rpc('billing.purchase.list', {
  input: LedgerPurchaseQuery.extend({ scope: Scope }),
  output: pageOf(LedgerPurchase),
});

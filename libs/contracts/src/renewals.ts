import { z } from 'zod';
import { BusinessDate, Id, line } from './common.js';
import { rpc } from './rpc.js';
import { Payment, PaymentMethod, Purchase } from './sales.js';

export const NewRenewal = z.strictObject({
  years: z.int().min(1).max(20),
  paidOn: BusinessDate,
  method: PaymentMethod,
  reference: line(100).optional(),
});
/** The purchase with its new service end, the fee as a purchase of its own, and the payment that settles it. */
export const Renewal = z.object({ purchase: Purchase, feePurchase: Purchase, payment: Payment });
/** Refused with `rule-violated/not-renewable` for a purchase without an annual fee or a service end date. */
export const renewPurchase = rpc('sales.purchase.renew', {
  input: NewRenewal.extend({ customerId: Id, purchaseId: Id }),
  output: Renewal,
});

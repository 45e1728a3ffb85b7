import type { z } from 'zod';
import { addDays, addMonths } from '#calendar/dates';
import type { NewPurchase } from '#contracts/sales';
import { invalidField, ruleViolated } from '../faults.js';
import { exact, money } from '../money.js';

/** What is agreed on with the customer. */
export interface SaleTerms {
  quantity: string;
  unitPrice: string;
  soldOn: string;
  dueOn: string;
  annualFee: string | null;
  serviceEndsOn: string | null;
  /** Whether the annual fee is to be asked for when the service ends. */
  remind: boolean;
}

/** Where the end of a service is counted from: so many months after the anchor it is, however often it is renewed. */
export interface ServiceAnchor {
  anchorOn: string;
  months: number;
}

/** What the catalogue fills in. */
export interface ProductTerms {
  guidePrice: string;
  annualFee: string | null;
  serviceMonths: number | null;
}

const LARGEST = '999999999999999.99';

/** Quantity × unit price, half-up to two decimals. Errors: `invalid/validation` beyond what an amount may be. */
export function payableOf(quantity: string, unitPrice: string): string {
  const payable = money(exact(quantity).mul(exact(unitPrice)));
  if (exact(payable).gt(LARGEST)) {
    throw invalidField('/quantity', 'too-big', 'The amount is too large', { limit: LARGEST });
  }
  return payable;
}

/** The terms of a new purchase, with what the input leaves out. `termDays`: the customer's payment term. */
export function newTerms(
  input: Omit<z.output<typeof NewPurchase>, 'productId' | 'paid'>,
  product: ProductTerms,
  { today, termDays }: { today: string; termDays: number },
): SaleTerms {
  const soldOn = input.soldOn ?? today;
  const annualFee = input.annualFee ?? product.annualFee;
  const service = product.serviceMonths === null ? null : addMonths(soldOn, product.serviceMonths);
  const serviceEndsOn = input.serviceEndsOn ?? service;
  return {
    quantity: input.quantity,
    unitPrice: input.unitPrice ?? product.guidePrice,
    soldOn,
    dueOn: input.dueOn ?? addDays(soldOn, termDays),
    annualFee,
    serviceEndsOn,
    remind: input.remind ?? (annualFee !== null && !exact(annualFee).isZero() && serviceEndsOn !== null),
  };
}

/**
 * What this end date is counted from: the anchor where it still leads there, or else the date itself. So the day of the
 * month survives a short month, and a date that somebody has set anew is its own beginning.
 */
export function anchorOf(serviceEndsOn: string, anchor: ServiceAnchor | null): ServiceAnchor {
  const leads = anchor !== null && addMonths(anchor.anchorOn, anchor.months) === serviceEndsOn;
  return leads ? anchor : { anchorOn: serviceEndsOn, months: 0 };
}

/** Errors: `rule-violated/due-before-sale`. */
export function assertDueAfterSale({ soldOn, dueOn }: { soldOn: string; dueOn: string }): void {
  if (dueOn < soldOn) throw ruleViolated('due-before-sale', '/dueOn', 'Not before the day of the sale');
}

/** Errors: `rule-violated/date-in-future`. */
export function assertNotInFuture(date: string, today: string, pointer: string): void {
  if (date > today) throw ruleViolated('date-in-future', pointer, 'Not after today');
}

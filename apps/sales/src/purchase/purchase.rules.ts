import type { z } from 'zod';
import { invalidField, ruleViolated } from '../faults.js';
import { exact, money } from '../money.js';
import type { NewPurchase } from '#contracts/sales';

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

/** The day so many months after the anchor: the same day of the month, or the month's last. */
export function addMonths(anchor: string, months: number): string {
  const [year = 0, month = 1, day = 1] = anchor.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, days));
  return isoDate(first);
}

export function addDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return isoDate(moved);
}

const isoDate = (moment: Date) => moment.toISOString().slice(0, 10);

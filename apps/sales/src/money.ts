import { Decimal } from 'decimal.js';

/** More digits than the largest quantity times the highest price has: a product is exact until it is rounded. */
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

export const exact = (text: string): Decimal => new Exact(text);

/** As amounts are written: always two decimals, half-up. */
export const money = (amount: Decimal | string): string => new Exact(amount).toFixed(2, Decimal.ROUND_HALF_UP);

export const sameAmount = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : exact(one).eq(other);

import type { z } from 'zod';
import type { NewQuoteLine, QuoteState } from '#contracts/quotes';
import { AppError } from '#contracts/errors';
import { at, invalidField, ruleViolated } from '../faults.js';
import { exact, money } from '../money.js';
import { payableOf } from '../purchase/purchase.rules.js';

export type State = z.output<typeof QuoteState>;
/** `expired` isn't kept: the calendar tells. */
export type KeptState = Exclude<State, 'expired'>;

/** A line as it is offered. */
export interface QuoteTerms {
  productId: string | null;
  description: string;
  unit: string | null;
  quantity: string;
  unitPrice: string;
  guidePrice: string | null;
  /** Quantity × unit price, half-up. */
  amount: string;
}

/** What the catalogue knows of a product that is quoted. */
export interface QuotedProduct {
  name: string;
  unit: string;
  guidePrice: string;
  active: boolean;
}

/** Whoever has answered in time keeps what he was offered. */
export const stateOf = (state: KeptState, validUntil: string | null, today: string): State =>
  (state === 'draft' || state === 'sent') && validUntil !== null && validUntil < today ? 'expired' : state;

/**
 * The lines as they are quoted, with what was left out filled in. A product that stood on the quote before keeps the
 * guide price of then. Errors: `invalid/validation`; `rule-violated/product-inactive`; each naming its line.
 */
export function linesOf(
  inputs: readonly z.output<typeof NewQuoteLine>[],
  products: ReadonlyMap<string, QuotedProduct>,
  before: readonly QuoteTerms[] = [],
): QuoteTerms[] {
  const guidePrices = new Map(before.map(({ productId, guidePrice }) => [productId, guidePrice]));
  return inputs.map((input, place) =>
    at(`/lines/${place}`, () => {
      const { productId = null, quantity } = input;
      const product = productId === null ? undefined : products.get(productId);
      if (productId !== null && !product) {
        throw invalidField('/productId', 'unknown-product', 'There is no such product');
      }
      const known = productId === null ? undefined : guidePrices.get(productId);
      if (product && !product.active && known === undefined) {
        throw ruleViolated('product-inactive', '/productId', 'The product is not sold any more');
      }
      const guidePrice = known ?? product?.guidePrice ?? null;
      const unitPrice = money(input.unitPrice ?? guidePrice ?? '0');
      return {
        productId,
        description: input.description ?? product?.name ?? '',
        unit: input.unit ?? product?.unit ?? null,
        quantity: exact(quantity).toFixed(3),
        unitPrice,
        guidePrice,
        amount: payableOf(quantity, unitPrice),
      };
    }),
  );
}

export const totalOf = (lines: readonly Pick<QuoteTerms, 'amount'>[]): string =>
  money(lines.reduce((sum, { amount }) => sum.plus(amount), exact('0')));

/** The same lines, all of products. Errors: `rule-violated/free-line`, naming every line that is none. */
export function productLinesOf<L extends QuoteTerms>(lines: readonly L[]): (L & { productId: string })[] {
  const errors = lines.flatMap(({ productId }, place) =>
    productId === null
      ? [{ pointer: `/lines/${place}`, code: 'free-line', message: 'Only a product can become a purchase' }]
      : [],
  );
  if (errors.length > 0) throw new AppError('rule-violated', 'free-line', { errors });
  return lines.flatMap((line) => (line.productId === null ? [] : { ...line, productId: line.productId }));
}

/** `Q2026-0042`. */
export const numberOf = (year: string, serial: number): string => `Q${year}-${String(serial).padStart(4, '0')}`;

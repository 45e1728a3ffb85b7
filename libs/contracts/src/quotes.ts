import { z } from 'zod';
import {
  BusinessDate,
  Done,
  Id,
  NonNegativeMoney,
  Quantity,
  Timestamp,
  Version,
  line,
  pageOf,
  pageQuery,
  prose,
  repeated,
} from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';
import { Purchase } from './sales.js';

/** `expired` is never set: a quote that nobody has answered is so by itself after `validUntil`. */
export const QuoteState = z.enum(['draft', 'sent', 'accepted', 'rejected', 'expired', 'converted']);

/** One line: a product of the catalogue, or free text without one. */
export const QuoteLine = z.object({
  productId: Id.optional(),
  description: z.string(),
  unit: z.string().optional(),
  quantity: z.string(),
  unitPrice: z.string(),
  /** The catalogue's at the time of the quote; of products alone. */
  guidePrice: z.string().optional(),
  /** Quantity × unit price, half-up. */
  amount: z.string(),
});
export const Quote = z.object({
  id: Id,
  customerId: Id,
  /** Such as `Q2026-0042`; none comes twice. */
  number: z.string(),
  quotedOn: BusinessDate,
  validUntil: BusinessDate.optional(),
  note: z.string().optional(),
  state: QuoteState,
  lines: z.array(QuoteLine),
  total: z.string(),
  /** What a converted one became. */
  purchaseIds: z.array(Id),
  createdById: Id,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
});
export type Quote = z.infer<typeof Quote>;

/** Without a product, `description` and `unitPrice` are needed; with one, what is left out is the catalogue's. */
export const NewQuoteLine = z
  .strictObject({
    productId: Id.optional(),
    description: line(200).optional(),
    unit: line(20).optional(),
    quantity: Quantity,
    unitPrice: NonNegativeMoney.optional(),
  })
  .refine((input) => input.productId !== undefined || input.description !== undefined, {
    path: ['description'],
    message: 'A line without a product says what it is',
  })
  .refine((input) => input.productId !== undefined || input.unitPrice !== undefined, {
    path: ['unitPrice'],
    message: 'A line without a product names its price',
  });

const lines = z.array(NewQuoteLine).min(1).max(100);
/** The states that somebody sets; the others come about. */
const SetState = QuoteState.extract(['draft', 'sent', 'accepted', 'rejected']);
export const NewQuote = z.strictObject({
  lines,
  /** Left out: today. */
  quotedOn: BusinessDate.optional(),
  validUntil: BusinessDate.optional(),
  note: prose().optional(),
  state: SetState.default('draft'),
});
export const QuotePatch = z.strictObject({
  /** All of them anew. */
  lines: lines.optional(),
  quotedOn: BusinessDate.optional(),
  validUntil: BusinessDate.nullable().optional(),
  note: prose().nullable().optional(),
  state: SetState.optional(),
});
export const QuoteQuery = z.strictObject({ ...pageQuery, state: QuoteState.optional() });

const ofCustomer = { customerId: Id };
const ofQuote = { ...ofCustomer, quoteId: Id };
export const listQuotes = rpc('sales.quote.list', { input: QuoteQuery.extend(ofCustomer), output: pageOf(Quote) });
export const createQuote = rpc('sales.quote.create', { input: NewQuote.extend(ofCustomer), output: Quote });
export const getQuote = rpc('sales.quote.get', { input: z.strictObject(ofQuote), output: Quote });
/** Refused with `conflict/quote-converted` once it became purchases; so is `deleteQuote`. */
export const updateQuote = rpc('sales.quote.update', {
  input: z.strictObject({ ...ofQuote, patch: QuotePatch }),
  output: Quote,
});
export const deleteQuote = rpc('sales.quote.delete', { input: z.strictObject(ofQuote), output: Done });

export const QuoteConversion = z.strictObject({
  /** Left out: today. */
  soldOn: BusinessDate.optional(),
  /** Left out: as for any purchase. */
  dueOn: BusinessDate.optional(),
});
export const ConvertedQuote = z.object({ quote: Quote, purchases: z.array(Purchase) });
/** Each line becomes a purchase at its price, all or none; `rule-violated/free-line` names those without a product. */
export const convertQuote = rpc('sales.quote.convert', {
  input: QuoteConversion.extend(ofQuote),
  output: ConvertedQuote,
});

export const LastPrice = z.object({
  productId: Id,
  unitPrice: z.string(),
  on: BusinessDate,
  source: z.enum(['purchase', 'quote']),
});
export const LastPriceQuery = z.strictObject({ productId: repeated(Id, 100) });
/** What this customer was last offered or sold these products for; one that he never was is missing. */
export const listLastPrices = rpc('sales.last-price.list', {
  input: LastPriceQuery.extend(ofCustomer),
  output: z.object({ items: z.array(LastPrice), nextCursor: z.null() }),
});

/** The quote as it stands, whatever happened to it. */
export const quoteChanged = event(
  'sales.quote.changed',
  Quote.omit({ createdAt: true, updatedAt: true, version: true }).extend({
    action: z.enum(['created', 'edited', 'converted', 'deleted', 'republished']),
  }),
);

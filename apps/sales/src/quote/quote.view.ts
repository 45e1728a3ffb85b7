import type { Doer } from '#contracts/event';
import { quoteChanged, type Quote as QuoteView } from '#contracts/quotes';
import { newEvent, type NewEvent } from '#messaging/outbox';
import { exact } from '../money.js';
import type { Quote } from './quote.entity.js';
import { totalOf } from './quote.rules.js';

export type QuoteAction = 'created' | 'edited' | 'converted' | 'deleted' | 'republished';

export const viewOf = (quote: Quote, today: string): QuoteView => ({
  id: quote.id,
  customerId: quote.customerId,
  number: quote.number,
  quotedOn: quote.quotedOn,
  validUntil: quote.validUntil ?? undefined,
  note: quote.note ?? undefined,
  state: quote.stateOn(today),
  lines: quote.lines.map((line) => ({
    productId: line.productId ?? undefined,
    description: line.description,
    unit: line.unit ?? undefined,
    quantity: exact(line.quantity).toFixed(),
    unitPrice: line.unitPrice,
    guidePrice: line.guidePrice ?? undefined,
    amount: line.amount,
  })),
  total: totalOf(quote.lines),
  purchaseIds: quote.purchaseIds,
  createdById: quote.createdById,
  createdAt: quote.createdAt.toISOString(),
  updatedAt: quote.updatedAt.toISOString(),
  version: quote.version,
});

/** What the others are told of a quote as it stands. */
export const changeOf = (quote: Quote, today: string, action: QuoteAction, by: Doer | null): NewEvent =>
  newEvent(quoteChanged, {
    aggregateId: quote.id,
    version: quote.version,
    by,
    data: { ...viewOf(quote, today), action },
  });

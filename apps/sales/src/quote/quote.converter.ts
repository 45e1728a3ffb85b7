import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type * as quotes from '#contracts/quotes';
import type { Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { Idempotency } from '#platform/idempotency';
import { assertGrant } from '#platform/rights';
import { assertDueAfterSale, assertNotInFuture } from '../purchase/purchase.rules.js';
import { Seller } from '../purchase/seller.service.js';
import { productLinesOf } from './quote.rules.js';
import { QuoteService } from './quote.service.js';

/** Turns a quote into purchases: all of it in one transaction. */
@Injectable()
export class QuoteConverter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quotes: QuoteService,
    private readonly seller: Seller,
    private readonly idempotency: Idempotency,
    private readonly clock: Clock,
  ) {}

  /**
   * Errors: `not-found`; `conflict/quote-converted`; `rule-violated/quote-expired`, `/quote-rejected`, `/free-line`, and
   * those of a sale.
   */
  async convert(
    call: Call,
    { customerId, quoteId, soldOn, dueOn }: z.output<typeof quotes.convertQuote.input>,
  ): Promise<z.output<typeof quotes.ConvertedQuote>> {
    assertGrant(call, customerId, 'quotes.write', 'edit');
    assertGrant(call, customerId, 'purchases.write', 'edit');
    const today = this.clock.today();
    assertNotInFuture(soldOn ?? today, today, '/soldOn');
    if (dueOn !== undefined) assertDueAfterSale({ soldOn: soldOn ?? today, dueOn });
    const termDays = dueOn === undefined ? await this.seller.paymentTerm(call, customerId) : 0;
    return this.dataSource.transaction(async (tx) => {
      const request = ['conversion', customerId, quoteId, soldOn, dueOn];
      const ids = await this.idempotency.once(tx, call, request, async () => {
        const quote = await this.quotes.lock(tx, customerId, quoteId);
        quote.assertConvertible(today);
        const lines = productLinesOf(quote.lines);
        const sales = lines.map(({ productId, quantity, unitPrice }) => {
          return { productId, quantity, unitPrice, soldOn, dueOn };
        });
        const sold = await this.seller.sell(tx, call, { customerId, sales, termDays, field: '/lines' });
        quote.becomePurchases(sold, this.clock.now());
        await this.quotes.keep(tx, call, quote, 'converted');
        return sold;
      });
      return { quote: await this.quotes.show(tx, customerId, quoteId), purchases: await this.seller.show(tx, ids) };
    });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { notFound, staleVersion } from '#contracts/errors';
import type * as quotes from '#contracts/quotes';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { assertGrant } from '#platform/rights';
import { ProductService } from '../product/product.service.js';
import { assertNotInFuture } from '../purchase/purchase.rules.js';
import { Quote } from './quote.entity.js';
import { QuoteRepository } from './quote.repository.js';
import { linesOf, type QuoteTerms } from './quote.rules.js';
import { changeOf, viewOf, type QuoteAction } from './quote.view.js';

@Injectable()
export class QuoteService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quotes: QuoteRepository,
    private readonly products: ProductService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(call: Call, query: z.output<typeof quotes.listQuotes.input>): Promise<Page<quotes.Quote>> {
    const { customerId, state, limit } = query;
    assertGrant(call, customerId, 'quotes.read', 'read');
    const today = this.clock.today();
    const binding = { actorId: call.actor.userId, filter: query };
    const [quotedOn, id] = decodeCursor(binding, query.cursor, byDateAndId) ?? [];
    const after = quotedOn && id ? { quotedOn, id } : undefined;
    const found = { customerId, state, today, after, limit: limit + 1 };
    const rows = await this.quotes.find(this.dataSource.manager, found);
    const page = pageOf(rows, limit, binding, (quote) => [quote.quotedOn, quote.id]);
    return { ...page, items: page.items.map((quote) => viewOf(quote, today)) };
  }

  async get(call: Call, { customerId, quoteId }: z.output<typeof quotes.getQuote.input>): Promise<quotes.Quote> {
    assertGrant(call, customerId, 'quotes.read', 'read');
    return this.show(this.dataSource.manager, customerId, quoteId);
  }

  /**
   * Errors: `invalid/validation`; `rule-violated/product-inactive`, `/date-in-future`, `/valid-before-quoted`; each
   * naming the field.
   */
  async create(call: Call, { customerId, ...input }: z.output<typeof quotes.createQuote.input>): Promise<quotes.Quote> {
    assertGrant(call, customerId, 'quotes.write', 'edit');
    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, ['quote', customerId, input], async () => {
        const { quotedOn = this.clock.today(), validUntil = null, note = null, state } = input;
        assertNotInFuture(quotedOn, this.clock.today(), '/quotedOn');
        const lines = await this.linesOf(tx, input.lines);
        const number = await this.quotes.nextNumber(tx, quotedOn.slice(0, 4));
        const origin = { id: uuidv7(), customerId, number, createdById: call.actor.userId };
        const quote = Quote.offer(origin, { quotedOn, validUntil, note, state }, lines, this.clock.now());
        await this.quotes.insert(tx, quote);
        await this.tell(tx, call, quote, 'created');
        return quote.id;
      });
      return this.show(tx, customerId, id);
    });
  }

  /** Errors: `not-found`; `precondition-failed/stale-version`; `rule-violated/date-in-future`; those of `Quote.edit`. */
  async update(
    call: Call,
    { customerId, quoteId, patch: { lines, ...patch } }: z.output<typeof quotes.updateQuote.input>,
  ): Promise<quotes.Quote> {
    assertGrant(call, customerId, 'quotes.write', 'edit');
    return this.dataSource.transaction(async (tx) => {
      const quote = await this.asExpected(tx, call, customerId, quoteId);
      const today = this.clock.today();
      if (patch.quotedOn) assertNotInFuture(patch.quotedOn, today, '/quotedOn');
      const renewed = lines && (await this.linesOf(tx, lines, quote.lines));
      quote.edit(patch, renewed, { now: this.clock.now(), today });
      return this.keep(tx, call, quote, 'edited');
    });
  }

  /** Errors: `not-found`; `precondition-failed/stale-version`; `conflict/quote-converted`. */
  async delete(
    call: Call,
    { customerId, quoteId }: z.output<typeof quotes.deleteQuote.input>,
  ): Promise<Record<string, never>> {
    assertGrant(call, customerId, 'quotes.write', 'edit');
    return this.dataSource.transaction(async (tx) => {
      const quote = await this.asExpected(tx, call, customerId, quoteId);
      quote.delete(this.clock.now());
      await this.keep(tx, call, quote, 'deleted');
      return {};
    });
  }

  /** Held until the transaction ends. Errors: `not-found`. */
  async lock(tx: EntityManager, customerId: string, id: string): Promise<Quote> {
    const quote = await this.quotes.lock(tx, customerId, id);
    if (!quote) throw notFound();
    return quote;
  }

  /** Writes a quote that is held and was changed, and tells of it. */
  async keep(tx: EntityManager, call: Call, quote: Quote, action: QuoteAction): Promise<quotes.Quote> {
    if (!(await this.quotes.save(tx, quote))) throw new Error(`Quote ${quote.id} was changed although it is held`);
    await this.tell(tx, call, quote, action);
    return viewOf(quote, this.clock.today());
  }

  /** Errors: `not-found`. */
  async show(tx: EntityManager, customerId: string, id: string): Promise<quotes.Quote> {
    const quote = await this.quotes.get(tx, customerId, id);
    if (!quote) throw notFound();
    return viewOf(quote, this.clock.today());
  }

  private async linesOf(
    tx: EntityManager,
    inputs: z.output<typeof quotes.NewQuoteLine>[],
    before?: QuoteTerms[],
  ): Promise<QuoteTerms[]> {
    const ids = inputs.flatMap(({ productId }) => productId ?? []);
    return linesOf(inputs, await this.products.forSale(tx, ids), before);
  }

  private async asExpected(tx: EntityManager, { ifMatch }: Call, customerId: string, id: string): Promise<Quote> {
    const quote = await this.lock(tx, customerId, id);
    if (typeof ifMatch === 'number' && ifMatch !== quote.version) {
      throw staleVersion(viewOf(quote, this.clock.today()));
    }
    return quote;
  }

  private async tell(tx: EntityManager, call: Call, quote: Quote, action: QuoteAction): Promise<void> {
    await this.outbox.addMany(tx, [changeOf(quote, this.clock.today(), action, doerOf(call))]);
  }
}

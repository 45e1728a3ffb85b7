import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as quotes from '#contracts/quotes';
import { Call, Handles, Input } from '#messaging/handles';
import { QuoteConverter } from './quote.converter.js';
import { QuoteService } from './quote.service.js';

@Controller()
export class QuoteHandlers {
  constructor(
    private readonly quotes: QuoteService,
    private readonly converter: QuoteConverter,
  ) {}

  @Handles(quotes.listQuotes)
  list(@Call() call: Call, @Input() query: z.output<typeof quotes.listQuotes.input>) {
    return this.quotes.list(call, query);
  }

  @Handles(quotes.createQuote)
  create(@Call() call: Call, @Input() input: z.output<typeof quotes.createQuote.input>) {
    return this.quotes.create(call, input);
  }

  @Handles(quotes.getQuote)
  get(@Call() call: Call, @Input() input: z.output<typeof quotes.getQuote.input>) {
    return this.quotes.get(call, input);
  }

  @Handles(quotes.updateQuote)
  update(@Call() call: Call, @Input() input: z.output<typeof quotes.updateQuote.input>) {
    return this.quotes.update(call, input);
  }

  @Handles(quotes.deleteQuote)
  delete(@Call() call: Call, @Input() input: z.output<typeof quotes.deleteQuote.input>) {
    return this.quotes.delete(call, input);
  }

  @Handles(quotes.convertQuote)
  convert(@Call() call: Call, @Input() input: z.output<typeof quotes.convertQuote.input>) {
    return this.converter.convert(call, input);
  }
}

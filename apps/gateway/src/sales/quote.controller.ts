import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as quotes from '#contracts/quotes';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/customers/:customerId`)
export class QuoteController {
  constructor(private readonly backend: Backend) {}

  @Get('quotes')
  @Route({
    access: 'quotes.read',
    relation: 'read',
    query: quotes.QuoteQuery,
    output: quotes.listQuotes.output,
    summary: 'List what a customer was offered',
  })
  list(
    @Param('customerId') customerId: string,
    @Query() query: z.input<typeof quotes.QuoteQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(quotes.listQuotes, { customerId, ...query }, caller);
  }

  @Post('quotes')
  @Route({
    access: 'quotes.write',
    relation: 'edit',
    body: quotes.NewQuote,
    output: quotes.Quote,
    status: 201,
    summary: 'Enter a quote',
  })
  create(
    @Param('customerId') customerId: string,
    @Body() body: z.input<typeof quotes.NewQuote>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(quotes.createQuote, { customerId, ...body }, caller);
  }

  @Get('quotes/:quoteId')
  @Route({ access: 'quotes.read', relation: 'read', output: quotes.Quote, summary: 'Show a quote' })
  get(@Param('customerId') customerId: string, @Param('quoteId') quoteId: string, @From() caller: Caller) {
    return this.backend.pass(quotes.getQuote, { customerId, quoteId }, caller);
  }

  @Patch('quotes/:quoteId')
  @Route({
    access: 'quotes.write',
    relation: 'edit',
    body: quotes.QuotePatch,
    output: quotes.Quote,
    summary: 'Edit a quote that is not converted',
  })
  update(
    @Param('customerId') customerId: string,
    @Param('quoteId') quoteId: string,
    @Body() patch: z.input<typeof quotes.QuotePatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(quotes.updateQuote, { customerId, quoteId, patch }, caller);
  }

  @Delete('quotes/:quoteId')
  @Route({ access: 'quotes.write', relation: 'edit', summary: 'Delete a quote that is not converted' })
  delete(@Param('customerId') customerId: string, @Param('quoteId') quoteId: string, @From() caller: Caller) {
    return this.backend.pass(quotes.deleteQuote, { customerId, quoteId }, caller);
  }

  @Post('quotes/:quoteId/convert')
  @Route({
    access: 'quotes.write',
    relation: 'edit',
    body: quotes.QuoteConversion,
    output: quotes.ConvertedQuote,
    status: 201,
    summary: 'Turn a quote into purchases, all or none',
  })
  convert(
    @Param('customerId') customerId: string,
    @Param('quoteId') quoteId: string,
    @Body() body: z.input<typeof quotes.QuoteConversion>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(quotes.convertQuote, { customerId, quoteId, ...body }, caller);
  }

  @Get('last-prices')
  @Route({
    access: 'quotes.read',
    relation: 'read',
    query: quotes.LastPriceQuery,
    output: quotes.listLastPrices.output,
    summary: 'What a customer was last offered or sold products for',
  })
  lastPrices(
    @Param('customerId') customerId: string,
    @Query() query: z.input<typeof quotes.LastPriceQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(quotes.listLastPrices, { customerId, ...query }, caller);
  }
}

import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Decimal } from 'decimal.js';
import type { z } from 'zod';
import { countOpen } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import * as customers from '#contracts/customers';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

/** As many customers as one question may name. */
const AT_ONCE = 10_000;
const EVERYTHING: Scope = { all: true, accessVersion: 0 };

@Controller(`${V1}/transfers`)
export class TransferController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'transfers.use',
    query: customers.TransferQuery,
    output: customers.listTransfers.output,
    summary: 'List the transfers that the caller made, gave or received',
  })
  list(@Query() query: z.input<typeof customers.TransferQuery>, @From() caller: Caller) {
    return this.backend.pass(customers.listTransfers, query, caller);
  }

  @Post('preview')
  @Route({
    access: 'transfers.use',
    body: customers.TransferPreviewRequest,
    output: customers.TransferPreview,
    summary: 'What a transfer would move; nothing is done',
  })
  async preview(@Body() body: z.input<typeof customers.TransferPreviewRequest>, @From() caller: Caller) {
    const { customerIds, customerCount } = await this.backend.ask(customers.previewTransfer, body, caller);
    return { customerCount, ...(await this.countOpen(customerIds, caller)) };
  }

  @Post()
  @Route({
    access: 'transfers.use',
    body: customers.NewTransfer,
    output: customers.Transfer,
    status: 201,
    summary: 'Move customers to another salesperson, all or none',
  })
  create(@Body() body: z.input<typeof customers.NewTransfer>, @From() caller: Caller) {
    return this.backend.pass(customers.createTransfer, body, caller);
  }

  @Post(':transferId/undo')
  @Route({ access: 'transfers.use', output: customers.Transfer, summary: 'Undo a transfer, within 7 days' })
  undo(@Param('transferId') transferId: string, @From() caller: Caller) {
    return this.backend.pass(customers.undoTransfer, { transferId }, caller);
  }

  /** Customers has found that the caller may transfer each of these, so billing need not look at his scope again. */
  private async countOpen(customerIds: string[], caller: Caller) {
    const openArrears = { count: 0, amount: '0.00' };
    let openReminders = 0;
    for (let start = 0; start < customerIds.length; start += AT_ONCE) {
      const some = customerIds.slice(start, start + AT_ONCE);
      const part = await this.backend.ask(countOpen, { scope: EVERYTHING, customerIds: some }, caller);
      openArrears.count += part.openArrears.count;
      openArrears.amount = new Decimal(openArrears.amount).plus(part.openArrears.amount).toFixed(2);
      openReminders += part.openReminders;
    }
    return { openArrears, openReminders };
  }
}

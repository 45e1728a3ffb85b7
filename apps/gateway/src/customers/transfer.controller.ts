import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as customers from '#contracts/customers';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { Stakes } from './stakes.js';

@Controller(`${V1}/transfers`)
export class TransferController {
  constructor(
    private readonly backend: Backend,
    private readonly stakes: Stakes,
  ) {}

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
    return { customerCount, ...(await this.stakes.of(customerIds, caller)) };
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
}

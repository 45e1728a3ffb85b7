import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as transfers from '#contracts/transfers';
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
    query: transfers.TransferQuery,
    output: transfers.listTransfers.output,
    summary: 'List the transfers that the caller made, gave or received',
  })
  list(@Query() query: z.input<typeof transfers.TransferQuery>, @From() caller: Caller) {
    return this.backend.pass(transfers.listTransfers, query, caller);
  }

  @Post('preview')
  @Route({
    access: 'transfers.use',
    body: transfers.TransferPreviewRequest,
    output: transfers.TransferPreview,
    summary: 'What a transfer would move; nothing is done',
  })
  async preview(@Body() body: z.input<typeof transfers.TransferPreviewRequest>, @From() caller: Caller) {
    const { customerIds, customerCount } = await this.backend.ask(transfers.previewTransfer, body, caller);
    return { customerCount, ...(await this.stakes.of(customerIds, caller)) };
  }

  @Post()
  @Route({
    access: 'transfers.use',
    body: transfers.NewTransfer,
    output: transfers.Transfer,
    status: 201,
    summary: 'Move customers to another salesperson, all or none',
  })
  create(@Body() body: z.input<typeof transfers.NewTransfer>, @From() caller: Caller) {
    return this.backend.pass(transfers.createTransfer, body, caller);
  }

  @Post(':transferId/undo')
  @Route({ access: 'transfers.use', output: transfers.Transfer, summary: 'Undo a transfer, within 7 days' })
  undo(@Param('transferId') transferId: string, @From() caller: Caller) {
    return this.backend.pass(transfers.undoTransfer, { transferId }, caller);
  }
}

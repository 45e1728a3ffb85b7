import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as handOvers from '#contracts/hand-overs';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';
import { Stakes } from './stakes.js';

@Controller(V1)
export class HandOverController {
  constructor(
    private readonly backend: Backend,
    private readonly stakes: Stakes,
  ) {}

  @Get('users/:userId/holdings')
  @Route({ access: 'hand-overs.manage', output: handOvers.Holdings, summary: 'What a user holds' })
  async holdings(@Param('userId') userId: string, @From() caller: Caller) {
    const { customerIds, ...delegations } = await this.backend.ask(handOvers.findHoldings, { userId }, caller);
    return { customers: customerIds.length, ...(await this.stakes.of(customerIds, caller)), ...delegations };
  }

  @Post('users/:userId/hand-over/preview')
  @Route({
    access: 'hand-overs.manage',
    body: handOvers.HandOverPreviewRequest,
    output: handOvers.HandOverPreview,
    summary: 'Who would get how much of what a user holds; nothing is done',
  })
  async preview(
    @Param('userId') userId: string,
    @Body() body: z.input<typeof handOvers.HandOverPreviewRequest>,
    @From() caller: Caller,
  ) {
    const { receivers } = await this.backend.ask(handOvers.previewHandOver, { userId, ...body }, caller);
    const shares = receivers.map(async ({ userId: id, customerIds }) => ({
      userId: id,
      customers: customerIds.length,
      ...(await this.stakes.of(customerIds, caller)),
    }));
    return { receivers: await Promise.all(shares) };
  }

  @Post('users/:userId/hand-over')
  @Route({
    access: 'hand-overs.manage',
    body: handOvers.NewHandOver,
    output: handOvers.HandOver,
    status: 201,
    location: `${V1}/hand-overs/{id}`,
    summary: 'Give all that a user holds to others, in one act',
  })
  create(@Param('userId') userId: string, @Body() body: z.input<typeof handOvers.NewHandOver>, @From() caller: Caller) {
    return this.backend.pass(handOvers.createHandOver, { userId, ...body }, caller);
  }

  @Get('hand-overs')
  @Route({
    access: 'hand-overs.manage',
    query: handOvers.HandOverQuery,
    output: handOvers.listHandOvers.output,
    summary: 'List hand-overs',
  })
  list(@Query() query: z.input<typeof handOvers.HandOverQuery>, @From() caller: Caller) {
    return this.backend.pass(handOvers.listHandOvers, query, caller);
  }

  @Post('hand-overs/:handOverId/undo')
  @Route({ access: 'hand-overs.manage', output: handOvers.HandOver, summary: 'Undo a hand-over, within 7 days' })
  undo(@Param('handOverId') handOverId: string, @From() caller: Caller) {
    return this.backend.pass(handOvers.undoHandOver, { handOverId }, caller);
  }
}

import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as followUps from '#contracts/follow-ups';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class FollowUpController {
  constructor(private readonly backend: Backend) {}

  @Get('customers/:customerId/follow-ups')
  @Route({
    access: 'customers.read',
    relation: 'read',
    query: followUps.FollowUpQuery,
    output: followUps.listFollowUps.output,
    summary: 'List what was said with a customer',
  })
  list(
    @Param('customerId') customerId: string,
    @Query() query: z.input<typeof followUps.FollowUpQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(followUps.listFollowUps, { ...query, customerId }, caller);
  }

  @Post('customers/:customerId/follow-ups')
  @Route({
    access: 'customers.write',
    relation: 'edit',
    body: followUps.NewFollowUp,
    output: followUps.FollowUp,
    status: 201,
    summary: 'Enter what was said with a customer, and when to speak again; never changed afterwards',
  })
  record(
    @Param('customerId') customerId: string,
    @Body() body: z.input<typeof followUps.NewFollowUp>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(followUps.recordFollowUp, { ...body, customerId }, caller);
  }

  @Get('follow-ups/due')
  @Route({
    access: 'customers.read',
    query: followUps.DueFollowUpQuery,
    output: followUps.listDueFollowUps.output,
    summary: "Customers of the caller's view that are to be spoken to again",
  })
  due(@Query() query: z.input<typeof followUps.DueFollowUpQuery>, @From() caller: Caller) {
    return this.backend.pass(followUps.listDueFollowUps, query, caller);
  }
}

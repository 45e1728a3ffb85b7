import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { summarizeDelegation } from '#contracts/delegation-summary';
import * as delegations from '#contracts/delegations';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/delegations`)
export class DelegationController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'delegations.use',
    query: delegations.DelegationQuery,
    output: delegations.listDelegations.output,
    summary: 'List the delegations that the caller gave or received',
  })
  list(@Query() query: z.input<typeof delegations.DelegationQuery>, @From() caller: Caller) {
    return this.backend.pass(delegations.listDelegations, query, caller);
  }

  @Post()
  @Route({
    access: 'delegations.use',
    body: delegations.NewDelegation,
    output: delegations.Delegation,
    status: 201,
    summary: 'Let another salesperson act for some or all customers',
  })
  create(@Body() body: z.input<typeof delegations.NewDelegation>, @From() caller: Caller) {
    return this.backend.pass(delegations.createDelegation, body, caller);
  }

  @Get(':delegationId/summary')
  @Route({
    access: 'delegations.use',
    output: summarizeDelegation.output,
    summary: 'What was done under a delegation, for when it is handed back',
  })
  summary(@Param('delegationId') delegationId: string, @From() caller: Caller) {
    return this.backend.pass(summarizeDelegation, { delegationId }, caller);
  }

  @Post(':delegationId/revoke')
  @Route({ access: 'delegations.use', output: delegations.Delegation, summary: 'Take a delegation back, at once' })
  revoke(@Param('delegationId') delegationId: string, @From() caller: Caller) {
    return this.backend.pass(delegations.revokeDelegation, { delegationId }, caller);
  }
}

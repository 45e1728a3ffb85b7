import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Id } from '#contracts/common';
import * as statuses from '#contracts/statuses';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

export const StatusDeletion = z.strictObject({ moveTo: Id.optional() });

@Controller(`${V1}/customer-statuses`)
export class StatusController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'statuses.read',
    output: statuses.listStatuses.output,
    summary: "List the customer statuses with their counts in the caller's view",
  })
  list(@From() caller: Caller) {
    return this.backend.pass(statuses.listStatuses, {}, caller);
  }

  @Post()
  @Route({
    access: 'statuses.manage',
    body: statuses.NewStatus,
    output: statuses.CustomerStatus,
    status: 201,
    summary: 'Create a status',
  })
  create(@Body() body: z.input<typeof statuses.NewStatus>, @From() caller: Caller) {
    return this.backend.pass(statuses.createStatus, body, caller);
  }

  @Patch(':statusId')
  @Route({
    access: 'statuses.manage',
    body: statuses.StatusPatch,
    output: statuses.CustomerStatus,
    summary: 'Rename, recolour or move a status, or make it the default',
  })
  update(
    @Param('statusId') statusId: string,
    @Body() patch: z.input<typeof statuses.StatusPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(statuses.updateStatus, { statusId, patch }, caller);
  }

  @Delete(':statusId')
  @Route({
    access: 'statuses.manage',
    query: StatusDeletion,
    summary: 'Delete a status, moving its customers to another',
  })
  delete(@Param('statusId') statusId: string, @Query() query: z.input<typeof StatusDeletion>, @From() caller: Caller) {
    return this.backend.pass(statuses.deleteStatus, { statusId, ...query }, caller);
  }
}

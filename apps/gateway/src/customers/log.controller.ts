import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as log from '#contracts/log';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class LogController {
  constructor(private readonly backend: Backend) {}

  @Get('customers/:customerId/log')
  @Route({
    access: 'customers.read',
    relation: 'read',
    query: log.LogQuery,
    output: log.listLog.output,
    summary: 'What was done to a customer, and what was said with him, newest first',
  })
  list(@Param('customerId') customerId: string, @Query() query: z.input<typeof log.LogQuery>, @From() caller: Caller) {
    return this.backend.pass(log.listLog, { ...query, customerId }, caller);
  }

  @Get('audit')
  @Route({
    access: 'audit.read',
    query: log.AuditQuery,
    output: log.listAudit.output,
    summary: 'Everything that was done, newest first',
  })
  audit(@Query() query: z.input<typeof log.AuditQuery>, @From() caller: Caller) {
    return this.backend.pass(log.listAudit, query, caller);
  }
}

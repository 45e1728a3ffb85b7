import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as billing from '#contracts/billing';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class ReminderController {
  constructor(private readonly backend: Backend) {}

  @Get('reminders')
  @Route({
    access: 'reminders.read',
    query: billing.ReminderQuery,
    output: billing.listReminders.output,
    summary: 'List the reminders of the customers that the caller sees',
  })
  list(@Query() query: z.input<typeof billing.ReminderQuery>, @From() caller: Caller) {
    return this.backend.passScoped(billing.listReminders, query, caller);
  }

  @Post('reminder-sweeps')
  @Route({
    access: 'sweeps.run',
    body: billing.NewSweep,
    output: billing.Sweep,
    summary: "Start a day's sweep, or tell how it stands",
  })
  sweep(@Body() body: z.input<typeof billing.NewSweep>, @From() caller: Caller) {
    return this.backend.pass(billing.startSweep, body, caller);
  }
}

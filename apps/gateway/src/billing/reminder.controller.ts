import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as billing from '#contracts/billing';
import * as reminders from '#contracts/reminders';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

const customerOf = reminders.findCustomerOfReminder;
/** Of a route by which somebody acts on a reminder. */
const acting = { access: 'reminders.act', relation: 'money', customerOf, output: billing.Reminder } as const;

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

  @Get('reminders/:reminderId')
  @Route({
    access: 'reminders.read',
    relation: 'read',
    customerOf,
    output: billing.Reminder,
    summary: 'Show a reminder',
  })
  get(@Param('reminderId') reminderId: string, @From() caller: Caller) {
    return this.backend.pass(reminders.getReminder, { reminderId }, caller);
  }

  @Post('reminders/:reminderId/acknowledge')
  @Route({
    ...acting,
    body: reminders.ReminderAcknowledgement,
    summary: 'Acknowledge a reminder: dunning pauses for a week',
  })
  acknowledge(
    @Param('reminderId') reminderId: string,
    @Body() body: z.input<typeof reminders.ReminderAcknowledgement>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(reminders.acknowledgeReminder, { reminderId, ...body }, caller);
  }

  @Post('reminders/:reminderId/snooze')
  @Route({ ...acting, body: reminders.ReminderSnooze, summary: 'Put a reminder off until a day' })
  snooze(
    @Param('reminderId') reminderId: string,
    @Body() body: z.input<typeof reminders.ReminderSnooze>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(reminders.snoozeReminder, { reminderId, ...body }, caller);
  }

  @Post('reminders/:reminderId/promise')
  @Route({ ...acting, body: reminders.PaymentPromise, summary: 'Note that the customer promised to pay' })
  notePromise(
    @Param('reminderId') reminderId: string,
    @Body() body: z.input<typeof reminders.PaymentPromise>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(reminders.notePromise, { reminderId, ...body }, caller);
  }

  @Post('reminders/:reminderId/dispute')
  @Route({ ...acting, body: reminders.ReminderDispute, summary: 'Note that the customer disputes the claim' })
  dispute(
    @Param('reminderId') reminderId: string,
    @Body() body: z.input<typeof reminders.ReminderDispute>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(reminders.disputeReminder, { reminderId, ...body }, caller);
  }

  @Post('reminders/:reminderId/close')
  @Route({ ...acting, body: reminders.ReminderClosure, summary: 'Close a reminder for its period' })
  close(
    @Param('reminderId') reminderId: string,
    @Body() body: z.input<typeof reminders.ReminderClosure>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(reminders.closeReminder, { reminderId, ...body }, caller);
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

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { listReminders } from '#contracts/billing';
import * as contracts from '#contracts/reminders';
import { Call, Handles, Input } from '#messaging/handles';
import { ReminderActions } from './reminder.actions.js';
import { ReminderService } from './reminder.service.js';

@Controller()
export class ReminderHandlers {
  constructor(
    private readonly reminders: ReminderService,
    private readonly actions: ReminderActions,
  ) {}

  @Handles(listReminders)
  list(@Input() input: z.output<typeof listReminders.input>, @Call() { actor }: Call) {
    return this.reminders.list(actor, input);
  }

  @Handles(contracts.findCustomerOfReminder)
  findCustomer(@Input() { reminderId }: z.output<typeof contracts.findCustomerOfReminder.input>) {
    return this.actions.customerOf(reminderId);
  }

  @Handles(contracts.getReminder)
  get(@Input() { reminderId }: z.output<typeof contracts.getReminder.input>, @Call() call: Call) {
    return this.actions.get(call, reminderId);
  }

  @Handles(contracts.acknowledgeReminder)
  acknowledge(@Input() input: z.output<typeof contracts.acknowledgeReminder.input>, @Call() call: Call) {
    return this.actions.acknowledge(call, input);
  }

  @Handles(contracts.snoozeReminder)
  snooze(@Input() input: z.output<typeof contracts.snoozeReminder.input>, @Call() call: Call) {
    return this.actions.snooze(call, input);
  }

  @Handles(contracts.notePromise)
  notePromise(@Input() input: z.output<typeof contracts.notePromise.input>, @Call() call: Call) {
    return this.actions.notePromise(call, input);
  }

  @Handles(contracts.disputeReminder)
  dispute(@Input() input: z.output<typeof contracts.disputeReminder.input>, @Call() call: Call) {
    return this.actions.dispute(call, input);
  }

  @Handles(contracts.closeReminder)
  close(@Input() input: z.output<typeof contracts.closeReminder.input>, @Call() call: Call) {
    return this.actions.close(call, input);
  }
}

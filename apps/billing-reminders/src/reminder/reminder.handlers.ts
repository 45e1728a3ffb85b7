import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { listReminders } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { ReminderService } from './reminder.service.js';

@Controller()
export class ReminderHandlers {
  constructor(private readonly reminders: ReminderService) {}

  @Handles(listReminders)
  list(@Input() input: z.output<typeof listReminders.input>, @Call() { actor }: Call) {
    return this.reminders.list(actor, input);
  }
}

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { findDueFollowUps, listDueFollowUps, listFollowUps, recordFollowUp } from '#contracts/follow-ups';
import { Call, Handles, Input } from '#messaging/handles';
import { FollowUpService } from './follow-up.service.js';

@Controller()
export class FollowUpHandlers {
  constructor(private readonly followUps: FollowUpService) {}

  @Handles(listFollowUps)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listFollowUps.input>) {
    return this.followUps.list(actor, query);
  }

  @Handles(recordFollowUp)
  record(@Call() call: Call, @Input() input: z.output<typeof recordFollowUp.input>) {
    return this.followUps.record(call, input);
  }

  @Handles(listDueFollowUps)
  due(@Call() { actor }: Call, @Input() query: z.output<typeof listDueFollowUps.input>) {
    return this.followUps.due(actor, query);
  }

  @Handles(findDueFollowUps)
  dueOf(@Input() input: z.output<typeof findDueFollowUps.input>) {
    return this.followUps.dueOf(input);
  }
}

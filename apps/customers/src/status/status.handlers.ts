import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createStatus, deleteStatus, listStatuses, updateStatus } from '#contracts/statuses';
import { Call, Handles, Input } from '#messaging/handles';
import { StatusService } from './status.service.js';

@Controller()
export class StatusHandlers {
  constructor(private readonly statuses: StatusService) {}

  @Handles(listStatuses)
  list(@Call() { actor }: Call) {
    return this.statuses.list(actor);
  }

  @Handles(createStatus)
  create(@Call() call: Call, @Input() input: z.output<typeof createStatus.input>) {
    return this.statuses.create(call, input);
  }

  @Handles(updateStatus)
  update(@Call() call: Call, @Input() input: z.output<typeof updateStatus.input>) {
    return this.statuses.update(call, input);
  }

  @Handles(deleteStatus)
  delete(@Call() call: Call, @Input() input: z.output<typeof deleteStatus.input>) {
    return this.statuses.delete(call, input);
  }
}

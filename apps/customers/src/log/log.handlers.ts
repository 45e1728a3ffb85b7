import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { endTakeaway, listAudit, listLog, recordTakeaway } from '#contracts/log';
import { Call, Handles, Input } from '#messaging/handles';
import { LogReader } from './log-reader.service.js';

@Controller()
export class LogHandlers {
  constructor(private readonly log: LogReader) {}

  @Handles(listLog)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listLog.input>) {
    return this.log.ofCustomer(actor, query);
  }

  @Handles(listAudit)
  audit(@Call() { actor }: Call, @Input() query: z.output<typeof listAudit.input>) {
    return this.log.audit(actor, query);
  }

  @Handles(recordTakeaway)
  recordTakeaway(@Call() call: Call, @Input() input: z.output<typeof recordTakeaway.input>) {
    return this.log.recordTakeaway(call, input);
  }
  @Handles(endTakeaway)
  endTakeaway(@Input() input: z.output<typeof endTakeaway.input>) {
    return this.log.endTakeaway(input);
  }
}

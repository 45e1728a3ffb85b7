import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as notices from '#contracts/dunning-notices';
import { Call, Handles, Input } from '#messaging/handles';
import { NoticeService } from './notice.service.js';

@Controller()
export class NoticeHandlers {
  constructor(private readonly notices: NoticeService) {}

  @Handles(notices.issueDunningNotices)
  issue(@Call() call: Call, @Input() input: z.output<typeof notices.issueDunningNotices.input>) {
    return this.notices.issue(call, input);
  }

  @Handles(notices.listDunningNotices)
  list(@Call() { actor }: Call, @Input() input: z.output<typeof notices.listDunningNotices.input>) {
    return this.notices.list(actor, input);
  }

  @Handles(notices.getDunningNotice)
  get(@Input() input: z.output<typeof notices.getDunningNotice.input>) {
    return this.notices.get(input);
  }

  @Handles(notices.printDunningNotices)
  print(@Call() { actor }: Call, @Input() input: z.output<typeof notices.printDunningNotices.input>) {
    return this.notices.print(actor, input);
  }
}

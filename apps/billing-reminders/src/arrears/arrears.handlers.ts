import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { countOpen, listArrears, summarizeArrears } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { ArrearsService } from './arrears.service.js';

@Controller()
export class ArrearsHandlers {
  constructor(private readonly arrears: ArrearsService) {}

  @Handles(listArrears)
  list(@Input() input: z.output<typeof listArrears.input>, @Call() { actor }: Call) {
    return this.arrears.list(actor, input);
  }

  @Handles(summarizeArrears)
  summarize(@Input() input: z.output<typeof summarizeArrears.input>) {
    return this.arrears.summarize(input);
  }

  @Handles(countOpen)
  countOpen(@Input() input: z.output<typeof countOpen.input>) {
    return this.arrears.countOpen(input);
  }
}

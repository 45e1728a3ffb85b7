import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createHandOver, findHoldings, listHandOvers, previewHandOver, undoHandOver } from '#contracts/hand-overs';
import { Call, Handles, Input } from '#messaging/handles';
import { HandOverService } from './hand-over.service.js';

@Controller()
export class HandOverHandlers {
  constructor(private readonly handOvers: HandOverService) {}

  @Handles(findHoldings)
  holdings(@Call() call: Call, @Input() { userId }: z.output<typeof findHoldings.input>) {
    return this.handOvers.holdings(call, userId);
  }

  @Handles(previewHandOver)
  preview(@Call() call: Call, @Input() input: z.output<typeof previewHandOver.input>) {
    return this.handOvers.preview(call, input);
  }

  @Handles(createHandOver)
  create(@Call() call: Call, @Input() input: z.output<typeof createHandOver.input>) {
    return this.handOvers.create(call, input);
  }

  @Handles(listHandOvers)
  list(@Call() call: Call, @Input() query: z.output<typeof listHandOvers.input>) {
    return this.handOvers.list(call, query);
  }

  @Handles(undoHandOver)
  undo(@Call() call: Call, @Input() { handOverId }: z.output<typeof undoHandOver.input>) {
    return this.handOvers.undo(call, handOverId);
  }
}

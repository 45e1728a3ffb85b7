import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createTransfer, listTransfers, previewTransfer, undoTransfer } from '#contracts/transfers';
import { Call, Handles, Input } from '#messaging/handles';
import { TransferService } from './transfer.service.js';

@Controller()
export class TransferHandlers {
  constructor(private readonly transfers: TransferService) {}

  @Handles(previewTransfer)
  preview(@Call() call: Call, @Input() input: z.output<typeof previewTransfer.input>) {
    return this.transfers.preview(call, input);
  }

  @Handles(createTransfer)
  create(@Call() call: Call, @Input() input: z.output<typeof createTransfer.input>) {
    return this.transfers.create(call, input);
  }

  @Handles(listTransfers)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listTransfers.input>) {
    return this.transfers.list(actor, query);
  }

  @Handles(undoTransfer)
  undo(@Call() call: Call, @Input() { transferId }: z.output<typeof undoTransfer.input>) {
    return this.transfers.undo(call, transferId);
  }
}

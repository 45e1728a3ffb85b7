import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { listLedgerPurchases } from '#contracts/ledger';
import { Call, Handles, Input } from '#messaging/handles';
import { LedgerService } from './ledger.service.js';

@Controller()
export class LedgerHandlers {
  constructor(private readonly ledger: LedgerService) {}

  @Handles(listLedgerPurchases)
  list(@Input() input: z.output<typeof listLedgerPurchases.input>, @Call() { actor }: Call) {
    return this.ledger.list(actor, input);
  }
}

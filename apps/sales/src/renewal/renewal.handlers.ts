import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { renewPurchase } from '#contracts/renewals';
import { Call, Handles, Input } from '#messaging/handles';
import { RenewalService } from './renewal.service.js';

@Controller()
export class RenewalHandlers {
  constructor(private readonly renewals: RenewalService) {}

  @Handles(renewPurchase)
  renew(@Call() call: Call, @Input() input: z.output<typeof renewPurchase.input>) {
    return this.renewals.renew(call, input);
  }
}

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { listLastPrices } from '#contracts/quotes';
import { Call, Handles, Input } from '#messaging/handles';
import { LastPriceService } from './last-price.service.js';

@Controller()
export class LastPriceHandlers {
  constructor(private readonly prices: LastPriceService) {}

  @Handles(listLastPrices)
  list(@Call() call: Call, @Input() input: z.output<typeof listLastPrices.input>) {
    return this.prices.list(call, input);
  }
}

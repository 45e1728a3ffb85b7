import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Call, Handles, Input } from '#messaging/handles';
import { PaymentService } from './payment.service.js';

@Controller()
export class PaymentHandlers {
  constructor(private readonly payments: PaymentService) {}

  @Handles(sales.listPayments)
  list(@Call() call: Call, @Input() query: z.output<typeof sales.listPayments.input>) {
    return this.payments.list(call, query);
  }

  @Handles(sales.recordPayment)
  record(@Call() call: Call, @Input() input: z.output<typeof sales.recordPayment.input>) {
    return this.payments.record(call, input);
  }
}

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import * as sales from '#contracts/sales';
import { Call, Handles, Input } from '#messaging/handles';
import { PurchaseService } from './purchase.service.js';

@Controller()
export class PurchaseHandlers {
  constructor(private readonly purchases: PurchaseService) {}

  @Handles(sales.listPurchases)
  list(@Call() call: Call, @Input() query: z.output<typeof sales.listPurchases.input>) {
    return this.purchases.list(call, query);
  }

  @Handles(sales.createPurchases)
  create(@Call() call: Call, @Input() input: z.output<typeof sales.createPurchases.input>) {
    return this.purchases.create(call, input);
  }

  @Handles(sales.getPurchase)
  get(@Call() call: Call, @Input() input: z.output<typeof sales.getPurchase.input>) {
    return this.purchases.get(call, input);
  }

  @Handles(sales.updatePurchase)
  update(@Call() call: Call, @Input() input: z.output<typeof sales.updatePurchase.input>) {
    return this.purchases.update(call, input);
  }

  @Handles(sales.voidPurchase)
  void(@Call() call: Call, @Input() input: z.output<typeof sales.voidPurchase.input>) {
    return this.purchases.void(call, input);
  }
}

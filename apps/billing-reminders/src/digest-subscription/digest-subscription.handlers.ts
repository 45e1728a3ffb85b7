import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createDigestSubscription, deleteDigestSubscription, listDigestSubscriptions } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { DigestSubscriptionService } from './digest-subscription.service.js';

@Controller()
export class DigestSubscriptionHandlers {
  constructor(private readonly subscriptions: DigestSubscriptionService) {}

  @Handles(listDigestSubscriptions)
  list(@Input() input: z.output<typeof listDigestSubscriptions.input>, @Call() { actor }: Call) {
    return this.subscriptions.list(actor, input);
  }

  @Handles(createDigestSubscription)
  create(@Input() input: z.output<typeof createDigestSubscription.input>, @Call() call: Call) {
    return this.subscriptions.create(call, input);
  }

  @Handles(deleteDigestSubscription)
  async delete(@Input() input: z.output<typeof deleteDigestSubscription.input>, @Call() { actor }: Call) {
    await this.subscriptions.delete(actor, input.subscriptionId);
    return {};
  }
}

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { countNewCustomers, customerFunnel, listTags } from '#contracts/statistics';
import { Call, Handles, Input } from '#messaging/handles';
import { StatusService } from '../status/status.service.js';
import { CountsService } from './counts.service.js';

@Controller()
export class CountsHandlers {
  constructor(
    private readonly counts: CountsService,
    private readonly statuses: StatusService,
  ) {}

  @Handles(customerFunnel)
  funnel(@Call() { actor }: Call) {
    return this.statuses.funnel(actor);
  }

  @Handles(countNewCustomers)
  newCustomers(@Call() { actor }: Call, @Input() query: z.output<typeof countNewCustomers.input>) {
    return this.counts.newCustomers(actor, query);
  }

  @Handles(listTags)
  tags(@Call() { actor }: Call) {
    return this.counts.tags(actor);
  }
}

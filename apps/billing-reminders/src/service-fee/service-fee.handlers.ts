import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { forecastServiceFees, listServiceFees } from '#contracts/billing';
import { Call, Handles, Input } from '#messaging/handles';
import { ServiceFeeService } from './service-fee.service.js';

@Controller()
export class ServiceFeeHandlers {
  constructor(private readonly fees: ServiceFeeService) {}

  @Handles(listServiceFees)
  list(@Input() input: z.output<typeof listServiceFees.input>, @Call() { actor }: Call) {
    return this.fees.list(actor, input);
  }

  @Handles(forecastServiceFees)
  forecast(@Input() input: z.output<typeof forecastServiceFees.input>) {
    return this.fees.forecast(input);
  }
}

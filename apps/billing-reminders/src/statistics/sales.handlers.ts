import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { summarizeSales } from '#contracts/sales-statistics';
import { Handles, Input } from '#messaging/handles';
import { SalesService } from './sales.service.js';

@Controller()
export class SalesHandlers {
  constructor(private readonly sales: SalesService) {}

  @Handles(summarizeSales)
  summarize(@Input() input: z.output<typeof summarizeSales.input>) {
    return this.sales.summarize(input);
  }
}

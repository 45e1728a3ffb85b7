import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as statistics from '#contracts/sales-statistics';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class SalesStatisticsController {
  constructor(private readonly backend: Backend) {}

  @Get('statistics/sales')
  @Route({
    access: 'arrears.read',
    query: statistics.SalesStatisticsQuery,
    output: statistics.SalesStatistics,
    summary: 'Sum up the sales by month',
  })
  sales(@Query() query: z.input<typeof statistics.SalesStatisticsQuery>, @From() caller: Caller) {
    return this.backend.passScoped(statistics.summarizeSales, query, caller);
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as statistics from '#contracts/statistics';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(V1)
export class CustomerCountsController {
  constructor(private readonly backend: Backend) {}

  @Get('customer-tags')
  @Route({
    access: 'customers.read',
    output: statistics.CustomerTags,
    summary: "List the tags with their counts in the caller's view",
  })
  tags(@From() caller: Caller) {
    return this.backend.pass(statistics.listTags, {}, caller);
  }

  @Get('statistics/funnel')
  @Route({
    access: 'statistics.read',
    output: statistics.Funnel,
    summary: "Customers by status, in the caller's view",
  })
  funnel(@From() caller: Caller) {
    return this.backend.pass(statistics.customerFunnel, {}, caller);
  }

  @Get('statistics/new-customers')
  @Route({
    access: 'statistics.read',
    query: statistics.MonthsQuery,
    output: statistics.NewCustomersByMonth,
    summary: "New customers by the month of their created-on date, in the caller's view",
  })
  newCustomers(@Query() query: z.input<typeof statistics.MonthsQuery>, @From() caller: Caller) {
    return this.backend.pass(statistics.countNewCustomers, query, caller);
  }
}

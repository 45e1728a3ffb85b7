import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as billing from '#contracts/billing';
import * as ledger from '#contracts/ledger';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

/** What is owed, and what will be: of the customers that the caller sees. */
@Controller(V1)
export class ReceivableController {
  constructor(private readonly backend: Backend) {}

  @Get('arrears')
  @Route({
    access: 'arrears.read',
    query: billing.ArrearsQuery,
    output: billing.listArrears.output,
    summary: 'List the purchases in arrears, as of any date',
  })
  arrears(@Query() query: z.input<typeof billing.ArrearsQuery>, @From() caller: Caller) {
    return this.backend.passScoped(billing.listArrears, query, caller);
  }

  @Get('arrears/summary')
  @Route({
    access: 'arrears.read',
    query: billing.ArrearsSummaryQuery,
    output: billing.ArrearsSummary,
    summary: 'Sum up the arrears and their ages, as of any date',
  })
  summary(@Query() query: z.input<typeof billing.ArrearsSummaryQuery>, @From() caller: Caller) {
    return this.backend.passScoped(billing.summarizeArrears, query, caller);
  }

  @Get('service-fees')
  @Route({
    access: 'arrears.read',
    query: billing.ServiceFeeQuery,
    output: billing.listServiceFees.output,
    summary: 'List the annual service fees that fall due',
  })
  serviceFees(@Query() query: z.input<typeof billing.ServiceFeeQuery>, @From() caller: Caller) {
    return this.backend.passScoped(billing.listServiceFees, query, caller);
  }

  @Get('service-fees/forecast')
  @Route({
    access: 'arrears.read',
    output: billing.ServiceFeeForecast,
    summary: 'Sum up the annual service fees of the next 30, 60 and 90 days',
  })
  forecast(@From() caller: Caller) {
    return this.backend.passScoped(billing.forecastServiceFees, {}, caller);
  }

  @Get('purchases')
  @Route({
    access: 'purchases.read',
    query: ledger.LedgerPurchaseQuery,
    output: ledger.listLedgerPurchases.output,
    summary: 'List what was sold, to all customers that the caller sees',
  })
  purchases(@Query() query: z.input<typeof ledger.LedgerPurchaseQuery>, @From() caller: Caller) {
    return this.backend.passScoped(ledger.listLedgerPurchases, query, caller);
  }
}

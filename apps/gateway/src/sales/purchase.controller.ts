import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as renewals from '#contracts/renewals';
import * as sales from '#contracts/sales';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/customers/:customerId/purchases`)
export class PurchaseController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'purchases.read',
    relation: 'read',
    query: sales.PurchaseQuery,
    output: sales.listPurchases.output,
    summary: 'List what a customer bought',
  })
  list(
    @Param('customerId') customerId: string,
    @Query() query: z.input<typeof sales.PurchaseQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.listPurchases, { customerId, ...query }, caller);
  }

  @Post()
  @Route({
    access: 'purchases.write',
    relation: 'edit',
    body: sales.NewPurchases,
    output: sales.createPurchases.output,
    status: 201,
    summary: 'Record purchases, all or none',
  })
  create(
    @Param('customerId') customerId: string,
    @Body() body: z.input<typeof sales.NewPurchases>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.createPurchases, { customerId, ...body }, caller);
  }

  @Get(':purchaseId')
  @Route({ access: 'purchases.read', relation: 'read', output: sales.Purchase, summary: 'Show a purchase' })
  get(@Param('customerId') customerId: string, @Param('purchaseId') purchaseId: string, @From() caller: Caller) {
    return this.backend.pass(sales.getPurchase, { customerId, purchaseId }, caller);
  }

  @Patch(':purchaseId')
  @Route({
    access: 'purchases.write',
    relation: 'edit',
    body: sales.PurchasePatch,
    output: sales.Purchase,
    summary: 'Edit a purchase',
  })
  update(
    @Param('customerId') customerId: string,
    @Param('purchaseId') purchaseId: string,
    @Body() patch: z.input<typeof sales.PurchasePatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.updatePurchase, { customerId, purchaseId, patch }, caller);
  }

  @Post(':purchaseId/void')
  @Route({
    access: 'purchases.write',
    relation: 'edit',
    body: sales.PurchaseVoid,
    output: sales.Purchase,
    summary: 'Void a purchase that no money is booked on',
  })
  void(
    @Param('customerId') customerId: string,
    @Param('purchaseId') purchaseId: string,
    @Body() body: z.input<typeof sales.PurchaseVoid>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.voidPurchase, { customerId, purchaseId, ...body }, caller);
  }

  @Post(':purchaseId/renewals')
  @Route({
    access: 'purchases.write',
    relation: 'edit',
    body: renewals.NewRenewal,
    output: renewals.Renewal,
    status: 201,
    summary: 'Renew a service whose annual fee is paid for so many years',
  })
  renew(
    @Param('customerId') customerId: string,
    @Param('purchaseId') purchaseId: string,
    @Body() body: z.input<typeof renewals.NewRenewal>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(renewals.renewPurchase, { customerId, purchaseId, ...body }, caller);
  }

  @Get(':purchaseId/payments')
  @Route({
    access: 'payments.read',
    relation: 'read',
    query: sales.PaymentQuery,
    output: sales.listPayments.output,
    summary: 'List the payments on a purchase',
  })
  listPayments(
    @Param('customerId') customerId: string,
    @Param('purchaseId') purchaseId: string,
    @Query() query: z.input<typeof sales.PaymentQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.listPayments, { customerId, purchaseId, ...query }, caller);
  }

  @Post(':purchaseId/payments')
  @Route({
    access: 'payments.write',
    relation: 'money',
    body: sales.NewPayment,
    output: sales.Payment,
    status: 201,
    summary: 'Record a payment or a refund, or reverse one',
  })
  recordPayment(
    @Param('customerId') customerId: string,
    @Param('purchaseId') purchaseId: string,
    @Body() payment: z.input<typeof sales.NewPayment>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(sales.recordPayment, { customerId, purchaseId, payment }, caller);
  }
}

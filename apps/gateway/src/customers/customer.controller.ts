import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as customers from '#contracts/customers';
import * as duplicates from '#contracts/duplicates';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/customers`)
export class CustomerController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'customers.read',
    query: customers.CustomerQuery,
    output: customers.listCustomers.output,
    summary: 'List the customers that the caller sees',
  })
  list(@Query() query: z.input<typeof customers.CustomerQuery>, @From() caller: Caller) {
    return this.backend.pass(customers.listCustomers, query, caller);
  }

  @Post()
  @Route({
    access: 'customers.write',
    body: customers.NewCustomer,
    output: customers.Customer,
    status: 201,
    summary: 'Create a customer',
  })
  create(@Body() body: z.input<typeof customers.NewCustomer>, @From() caller: Caller) {
    return this.backend.pass(customers.createCustomer, body, caller);
  }

  @Post('duplicate-check')
  @Route({
    access: 'customers.write',
    body: duplicates.DuplicateCheck,
    output: duplicates.DuplicateReport,
    summary: 'Look for customers that a name and keyword resemble',
  })
  checkDuplicates(@Body() body: z.input<typeof duplicates.DuplicateCheck>, @From() caller: Caller) {
    return this.backend.pass(duplicates.checkDuplicates, body, caller);
  }

  @Get(':customerId')
  @Route({
    access: 'customers.read',
    relation: 'read',
    judgedInAnswer: true,
    output: customers.Customer,
    summary: 'Show a customer',
  })
  get(@Param('customerId') customerId: string, @From() caller: Caller) {
    return this.backend.pass(customers.getCustomer, { customerId }, caller);
  }

  @Patch(':customerId')
  @Route({
    access: 'customers.write',
    relation: 'edit',
    body: customers.CustomerPatch,
    output: customers.Customer,
    summary: 'Edit a customer',
  })
  update(
    @Param('customerId') customerId: string,
    @Body() patch: z.input<typeof customers.CustomerPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(customers.updateCustomer, { customerId, patch }, caller);
  }

  @Delete(':customerId')
  @Route({ access: 'customers.write', relation: 'own', summary: 'Delete a customer; it can be restored' })
  delete(@Param('customerId') customerId: string, @From() caller: Caller) {
    return this.backend.pass(customers.deleteCustomer, { customerId }, caller);
  }

  @Post(':customerId/restore')
  @Route({
    access: 'customers.restore',
    relation: 'own',
    output: customers.Customer,
    summary: 'Bring a deleted customer back',
  })
  restore(@Param('customerId') customerId: string, @From() caller: Caller) {
    return this.backend.pass(customers.restoreCustomer, { customerId }, caller);
  }
}

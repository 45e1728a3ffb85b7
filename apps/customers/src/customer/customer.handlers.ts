import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { editCustomers } from '#contracts/bulk';
import {
  createCustomer,
  deleteCustomer,
  findCustomers,
  getCustomer,
  listCustomers,
  restoreCustomer,
  updateCustomer,
} from '#contracts/customers';
import { checkDuplicates } from '#contracts/duplicates';
import { Call, Handles, Input } from '#messaging/handles';
import { DuplicateService } from '../duplicate/duplicate.service.js';
import { BulkService } from './bulk.service.js';
import { CustomerService } from './customer.service.js';

@Controller()
export class CustomerHandlers {
  constructor(
    private readonly customers: CustomerService,
    private readonly bulk: BulkService,
    private readonly duplicates: DuplicateService,
  ) {}

  @Handles(listCustomers)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listCustomers.input>) {
    return this.customers.list(actor, query);
  }

  @Handles(createCustomer)
  create(@Call() call: Call, @Input() input: z.output<typeof createCustomer.input>) {
    return this.customers.create(call, input);
  }

  @Handles(getCustomer)
  get(@Call() { actor }: Call, @Input() { customerId }: z.output<typeof getCustomer.input>) {
    return this.customers.get(actor, customerId);
  }

  @Handles(updateCustomer)
  update(@Call() call: Call, @Input() input: z.output<typeof updateCustomer.input>) {
    return this.customers.update(call, input);
  }

  @Handles(deleteCustomer)
  delete(@Call() call: Call, @Input() { customerId }: z.output<typeof deleteCustomer.input>) {
    return this.customers.delete(call, customerId);
  }

  @Handles(restoreCustomer)
  restore(@Call() call: Call, @Input() { customerId }: z.output<typeof restoreCustomer.input>) {
    return this.customers.restore(call, customerId);
  }

  @Handles(editCustomers)
  editMany(@Call() call: Call, @Input() input: z.output<typeof editCustomers.input>) {
    return this.bulk.edit(call, input);
  }

  @Handles(checkDuplicates)
  checkDuplicates(@Call() { actor }: Call, @Input() input: z.output<typeof checkDuplicates.input>) {
    return this.duplicates.check(actor, input);
  }

  @Handles(findCustomers)
  find(@Input() input: z.output<typeof findCustomers.input>) {
    return this.customers.find(input);
  }
}

import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import * as contacts from '#contracts/contacts';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/customers/:customerId/contacts`)
export class ContactController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'customers.read',
    relation: 'read',
    query: contacts.ContactQuery,
    output: contacts.listContacts.output,
    summary: "List a customer's contacts",
  })
  list(
    @Param('customerId') customerId: string,
    @Query() query: z.input<typeof contacts.ContactQuery>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(contacts.listContacts, { ...query, customerId }, caller);
  }

  @Post()
  @Route({
    access: 'customers.write',
    relation: 'edit',
    body: contacts.NewContact,
    output: contacts.Contact,
    status: 201,
    summary: 'Add a contact; the first one is primary',
  })
  create(
    @Param('customerId') customerId: string,
    @Body() body: z.input<typeof contacts.NewContact>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(contacts.createContact, { ...body, customerId }, caller);
  }

  @Get(':contactId')
  @Route({ access: 'customers.read', relation: 'read', output: contacts.Contact, summary: 'Show a contact' })
  get(@Param('customerId') customerId: string, @Param('contactId') contactId: string, @From() caller: Caller) {
    return this.backend.pass(contacts.getContact, { customerId, contactId }, caller);
  }

  @Patch(':contactId')
  @Route({
    access: 'customers.write',
    relation: 'edit',
    body: contacts.ContactPatch,
    output: contacts.Contact,
    summary: 'Edit a contact, or make it the primary one',
  })
  update(
    @Param('customerId') customerId: string,
    @Param('contactId') contactId: string,
    @Body() patch: z.input<typeof contacts.ContactPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(contacts.updateContact, { customerId, contactId, patch }, caller);
  }

  @Delete(':contactId')
  @Route({ access: 'customers.write', relation: 'edit', summary: 'Delete a contact' })
  delete(@Param('customerId') customerId: string, @Param('contactId') contactId: string, @From() caller: Caller) {
    return this.backend.pass(contacts.deleteContact, { customerId, contactId }, caller);
  }
}

import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createContact, deleteContact, getContact, listContacts, updateContact } from '#contracts/contacts';
import { Call, Handles, Input } from '#messaging/handles';
import { ContactService } from './contact.service.js';

@Controller()
export class ContactHandlers {
  constructor(private readonly contacts: ContactService) {}

  @Handles(listContacts)
  list(@Call() { actor }: Call, @Input() query: z.output<typeof listContacts.input>) {
    return this.contacts.list(actor, query);
  }

  @Handles(createContact)
  create(@Call() call: Call, @Input() input: z.output<typeof createContact.input>) {
    return this.contacts.create(call, input);
  }

  @Handles(getContact)
  get(@Call() { actor }: Call, @Input() input: z.output<typeof getContact.input>) {
    return this.contacts.get(actor, input);
  }

  @Handles(updateContact)
  update(@Call() call: Call, @Input() input: z.output<typeof updateContact.input>) {
    return this.contacts.update(call, input);
  }

  @Handles(deleteContact)
  delete(@Call() call: Call, @Input() input: z.output<typeof deleteContact.input>) {
    return this.contacts.delete(call, input);
  }
}

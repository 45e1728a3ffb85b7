import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Page } from '#contracts/common';
import * as contacts from '#contracts/contacts';
import type { Grant } from '#contracts/context';
import { notFound, staleVersion } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byTextAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { AccessService } from '../access/access.service.js';
import type { Judged } from '../access/visible.sql.js';
import type { FieldChange } from '../customer/customer.entity.js';
import { DuplicateService } from '../duplicate/duplicate.service.js';
import { LogService } from '../log/log.service.js';
import { Contact } from './contact.entity.js';
import { ContactRepository } from './contact.repository.js';
import { viewOf } from './contact.view.js';

type Action = z.output<typeof contacts.contactChanged.data>['action'];

/** `1` for the primary one; the names follow. */
const byPlace = z.tuple([z.enum(['0', '1']), ...byTextAndId.def.items]);

/** The people at a customer. Whoever changes one holds the customer. */
@Injectable()
export class ContactService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly contacts: ContactRepository,
    private readonly access: AccessService,
    private readonly duplicates: DuplicateService,
    private readonly log: LogService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(actor: Judged, query: z.output<typeof contacts.listContacts.input>): Promise<Page<contacts.Contact>> {
    await this.access.resolve(actor, query.customerId);
    const binding = { actorId: actor.userId, filter: query };
    const [primary, name, id] = decodeCursor(binding, query.cursor, byPlace) ?? [];
    const after = name !== undefined && id ? { primary: primary === '1', name, id } : undefined;
    const rows = await this.contacts.list(this.dataSource.manager, query.customerId, after, query.limit + 1);
    const page = pageOf(rows, query.limit, binding, (row) => [row.primary ? '1' : '0', row.name, row.id]);
    return { ...page, items: page.items.map(viewOf) };
  }

  async get(actor: Judged, { customerId, contactId }: { customerId: string; contactId: string }) {
    await this.access.resolve(actor, customerId);
    return viewOf(found(await this.contacts.find(this.dataSource.manager, customerId, contactId)));
  }

  /** The customer's first one is primary. Errors: those of `AccessService.holdToEdit`. */
  async create(call: Call, { customerId, ...input }: z.output<typeof contacts.createContact.input>) {
    const { primary: wanted = false, ...details } = input;
    return this.dataSource.transaction(async (tx) => {
      const grant = await this.access.holdToEdit(tx, call.actor, customerId);
      const id = await this.idempotency.once(tx, call, { customerId, ...input }, async () => {
        const primary = wanted || !(await this.contacts.hasAny(tx, customerId));
        if (primary) await this.contacts.clearPrimary(tx, customerId);
        const contact = Contact.create(customerId, details, primary, this.clock.now());
        await this.contacts.insert(tx, contact);
        await this.tell(tx, call, grant, contact, 'created', contact.beginnings());
        return contact.id;
      });
      return viewOf(found(await this.contacts.find(tx, customerId, id)));
    });
  }

  /** Errors: those of `AccessService.holdToEdit`; `precondition-failed/stale-version`. */
  async update(
    call: Call,
    { customerId, contactId, patch }: z.output<typeof contacts.updateContact.input>,
  ): Promise<contacts.Contact> {
    return this.dataSource.transaction(async (tx) => {
      const { grant, contact } = await this.hold(tx, call, customerId, contactId);
      const changes = contact.edit(patch);
      if (changes.length === 0) return viewOf(contact);
      if (changes.some(({ field }) => field === 'primary')) await this.contacts.clearPrimary(tx, customerId);
      await this.contacts.save(tx, contact, this.clock.now());
      await this.tell(tx, call, grant, contact, 'edited', changes);
      return viewOf(contact);
    });
  }

  /** If it was primary, the oldest of the others becomes so. Errors: as for `update`. */
  async delete(
    call: Call,
    { customerId, contactId }: z.output<typeof contacts.deleteContact.input>,
  ): Promise<Record<string, never>> {
    await this.dataSource.transaction(async (tx) => {
      const { grant, contact } = await this.hold(tx, call, customerId, contactId);
      contact.deletedAt = this.clock.now();
      await this.contacts.save(tx, contact, contact.deletedAt);
      if (contact.primary) await this.contacts.promoteOldest(tx, customerId);
      await this.tell(tx, call, grant, contact, 'deleted', []);
    });
    return {};
  }

  /** The contact, its customer held, at the version that the caller has seen. */
  private async hold(tx: EntityManager, call: Call, customerId: string, contactId: string) {
    const grant = await this.access.holdToEdit(tx, call.actor, customerId);
    const contact = found(await this.contacts.find(tx, customerId, contactId));
    if (typeof call.ifMatch === 'number' && call.ifMatch !== contact.version) throw staleVersion(viewOf(contact));
    return { grant, contact };
  }

  /** Notes the change, and has the customer found by what its contacts are called now. */
  private async tell(
    tx: EntityManager,
    { actor }: Call,
    grant: Grant,
    { id, customerId, primary, version }: Contact,
    action: Action,
    changes: FieldChange[],
  ): Promise<void> {
    const by = doerOf({ actor, grant });
    await this.duplicates.keepNamesOf(tx, customerId);
    await this.log.record(tx, by, [{ customerId, resource: 'contact', resourceId: id, action, changes }]);
    const data = { id, customerId, primary, action };
    await this.outbox.add(tx, contacts.contactChanged, { aggregateId: id, version, by, data });
  }
}

function found(contact: Contact | null): Contact {
  if (!contact) throw notFound();
  return contact;
}

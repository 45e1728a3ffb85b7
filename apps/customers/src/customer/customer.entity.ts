import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Language } from '#contracts/common';
import type { CustomerPatch, NewCustomer } from '#contracts/customers';
import { termsOf, withEdits, type CustomEdits, type CustomValues } from '../custom-field/custom-field.rules.js';
import { foldCode } from '../duplicate/folding.rules.js';
import { CustomerStatus } from '../status/status.entity.js';

export type Details = Omit<z.output<typeof NewCustomer>, 'acknowledgeDuplicates' | 'statusId' | 'ownerId'>;
export type Edit = Omit<z.output<typeof CustomerPatch>, 'acknowledgeDuplicates'>;
/** One field that an operation changed. */
export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

@Entity('customers')
@Index('customers_code', { synchronize: false })
@Index('customers_tags', { synchronize: false })
@Index('customers_custom_terms', { synchronize: false })
@Index('customers_by_last_follow_up', { synchronize: false })
@Index('customers_to_follow_up', { synchronize: false })
@Index('customers_of_owner_to_follow_up', { synchronize: false })
@Index('customers_by_created_on', ['createdOn', 'id'])
@Index('customers_by_name', ['name', 'id'])
@Index('customers_by_updated_at', ['updatedAt', 'id'])
@Index('customers_of_owner', ['ownerId', 'createdOn', 'id'])
@Index('customers_of_status', ['statusId', 'createdOn', 'id'])
export class Customer {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' })
  id: string;

  @Column('text')
  name: string;

  /** The telling part of the name. */
  @Column('text')
  keyword: string;

  @Column('uuid', { name: 'status_id' })
  @ForeignKey(() => CustomerStatus, { name: 'customers_status' })
  statusId: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  /** The business date, which may be set back; statistics use it. */
  @Column('date', { name: 'created_on' })
  createdOn: string;

  @Column('text', { nullable: true })
  code: string | null;

  @Column('text', { name: 'code_folded', nullable: true })
  codeFolded: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  address: string | null;

  @Column('text', { nullable: true })
  region: string | null;

  @Column('text', { nullable: true })
  industry: string | null;

  @Column('text', { nullable: true })
  source: string | null;

  @Column('text', { nullable: true })
  website: string | null;

  @Column('text', { name: 'tax_id', nullable: true })
  taxId: string | null;

  @Column('text', { name: 'invoice_title', nullable: true })
  invoiceTitle: string | null;

  @Column('integer', { name: 'payment_term_days', nullable: true })
  paymentTermDays: number | null;

  /** Of letters to the customer. */
  @Column('text', { nullable: true })
  language: Language | null;

  @Column('text', { nullable: true })
  note: string | null;

  @Column('text', { array: true, default: '{}' })
  tags: string[];

  @Column('jsonb', { name: 'custom_fields', default: {} })
  customFields: CustomValues;

  /** What it is filtered by in its custom fields. */
  @Column('text', { name: 'custom_terms', array: true, default: '{}' })
  customTerms: string[];

  /** Kept by whoever enters a follow-up. */
  @Column('date', { name: 'last_follow_up_on', nullable: true })
  lastFollowUpOn: string | null;

  /** When it is to be spoken to again, by its latest follow-up. */
  @Column('date', { name: 'next_follow_up_on', nullable: true })
  nextFollowUpOn: string | null;

  /** The transfer that gave it to its owner, unless that was undone. */
  @Column('uuid', { name: 'last_transfer_id', nullable: true })
  lastTransferId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'app.now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'app.now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  static create(details: Details, place: { ownerId: string; statusId: string; today: string }): Customer {
    const customer = new Customer();
    Object.assign(customer, { id: uuidv7(), customFields: {}, version: 1, createdOn: place.today }, details);
    customer.ownerId = place.ownerId;
    customer.statusId = place.statusId;
    customer.tags = [...new Set(details.tags)];
    customer.customTerms = termsOf(customer.customFields);
    customer.codeFolded = folded(customer.code);
    return customer;
  }

  /** Takes over what differs, and tells it. */
  edit({ customFields = {}, ...edit }: Edit): FieldChange[] {
    const wanted = edit.tags ? { ...edit, tags: [...new Set(edit.tags)] } : edit;
    const changes: FieldChange[] = [];
    for (const [field, to] of Object.entries(wanted)) {
      const from = (this as unknown as Record<string, unknown>)[field] ?? null;
      if (to === undefined || JSON.stringify(from) === JSON.stringify(to)) continue;
      changes.push({ field, from, to });
    }
    Object.assign(this, Object.fromEntries(changes.map(({ field, to }) => [field, to])));
    this.codeFolded = folded(this.code);
    return [...changes, ...this.editCustomFields(customFields)];
  }

  /** Each field is a change of its own. */
  private editCustomFields(edits: CustomEdits): FieldChange[] {
    const before = this.customFields;
    const changes = Object.entries(edits).flatMap(([key, to]) => {
      const from = before[key] ?? null;
      return from === to ? [] : [{ field: `customFields.${key}`, from, to }];
    });
    if (changes.length > 0) {
      this.customFields = withEdits(before, edits);
      this.customTerms = termsOf(this.customFields);
    }
    return changes;
  }
}

const folded = (code: string | null | undefined) => (code ? foldCode(code) : null);

import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { ContactPatch, NewContact } from '#contracts/contacts';
import { Customer, type FieldChange } from '../customer/customer.entity.js';

type Details = Omit<z.output<typeof NewContact>, 'primary'>;

/** A person at a customer. */
@Entity('contacts')
@Index('contacts_of_customer', ['customerId', 'id'])
@Index('contacts_primary', { synchronize: false })
export class Contact {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' })
  id: string;

  @Column('uuid', { name: 'customer_id' })
  @ForeignKey(() => Customer, { name: 'contacts_customer' })
  customerId: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  mobile: string | null;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  wechat: string | null;

  @Column('date', { nullable: true })
  birthday: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  @Column('boolean', { name: 'is_primary' })
  primary: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'app.now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'app.now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  static create(customerId: string, details: Details, primary: boolean, now: Date): Contact {
    const times = { createdAt: now, updatedAt: now, version: 1 };
    return Object.assign(new Contact(), { id: uuidv7(), customerId, primary, ...times }, details);
  }

  /** Takes over what differs, and tells it; null clears. */
  edit(patch: z.output<typeof ContactPatch>): FieldChange[] {
    const changes: FieldChange[] = [];
    for (const [field, to] of Object.entries(patch)) {
      const from = (this as unknown as Record<string, unknown>)[field] ?? null;
      if (to !== undefined && from !== to) changes.push({ field, from, to });
    }
    Object.assign(this, Object.fromEntries(changes.map(({ field, to }) => [field, to])));
    return changes;
  }

  /** What it begins with, as changes from nothing. */
  beginnings(): FieldChange[] {
    const { name, title, phone, mobile, email, wechat, birthday, note, primary } = this;
    const fields = Object.entries({ name, title, phone, mobile, email, wechat, birthday, note, primary });
    return fields.flatMap(([field, to]) => (to === undefined || to === null ? [] : [{ field, from: null, to }]));
  }
}

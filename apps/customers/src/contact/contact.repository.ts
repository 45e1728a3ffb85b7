import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { Contact } from './contact.entity.js';

/** The place of a contact in its customer's list. */
export interface Place {
  primary: boolean;
  name: string;
  id: string;
}

@Injectable()
export class ContactRepository {
  async find(tx: EntityManager, customerId: string, id: string): Promise<Contact | null> {
    return tx.findOneBy(Contact, { id, customerId, deletedAt: IsNull() });
  }

  /** The primary one first, then by name. */
  async list(tx: EntityManager, customerId: string, after: Place | undefined, limit: number): Promise<Contact[]> {
    const page = tx
      .createQueryBuilder(Contact, 'contact')
      .where('contact.customer_id = :customerId AND contact.deleted_at IS NULL', { customerId })
      .orderBy({ 'contact.primary': 'DESC', 'contact.name': 'ASC', 'contact.id': 'ASC' })
      .limit(limit);
    if (after) {
      page.andWhere(`(NOT contact.is_primary, contact.name, contact.id) > (NOT :primary::boolean, :name, :id::uuid)`, {
        ...after,
      });
    }
    return page.getMany();
  }

  /** Whoever adds or changes contacts holds their customer, so nobody comes between. */
  async hasAny(tx: EntityManager, customerId: string): Promise<boolean> {
    return tx.existsBy(Contact, { customerId, deletedAt: IsNull() });
  }

  async insert(tx: EntityManager, contact: Contact): Promise<void> {
    await tx.insert(Contact, contact);
  }

  /** Writes it at its next version. */
  async save(tx: EntityManager, contact: Contact, now: Date): Promise<void> {
    contact.version++;
    contact.updatedAt = now;
    await tx.save(contact, { reload: false });
  }

  /** Takes it from whoever is primary. */
  async clearPrimary(tx: EntityManager, customerId: string): Promise<void> {
    await tx.query(
      `UPDATE contacts SET is_primary = false, version = version + 1, updated_at = app.now()
       WHERE customer_id = $1 AND is_primary AND deleted_at IS NULL`,
      [customerId],
    );
  }

  /** Makes the oldest the primary one, if there is any. */
  async promoteOldest(tx: EntityManager, customerId: string): Promise<void> {
    await tx.query(
      `UPDATE contacts SET is_primary = true, version = version + 1, updated_at = app.now()
       WHERE id = (SELECT id FROM contacts WHERE customer_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1)`,
      [customerId],
    );
  }
}

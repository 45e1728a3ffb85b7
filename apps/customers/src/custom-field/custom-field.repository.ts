import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { CustomField } from './custom-field.entity.js';

@Injectable()
export class CustomFieldRepository {
  /** There is a handful of them, and each change may concern several: one change at a time. */
  async hold(tx: EntityManager): Promise<CustomField[]> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('custom fields'))`);
    return this.all(tx);
  }

  async all(tx: EntityManager): Promise<CustomField[]> {
    return tx.find(CustomField, { where: { deletedAt: IsNull() }, order: { position: 'ASC', id: 'ASC' } });
  }

  /** Also one that is deleted. */
  async byKey(tx: EntityManager, key: string): Promise<CustomField | null> {
    return tx.findOneBy(CustomField, { key });
  }

  async save(tx: EntityManager, field: CustomField): Promise<void> {
    await tx.save(CustomField, field);
  }

  /** Gives each its place in the order named. */
  async arrange(tx: EntityManager, ids: string[]): Promise<void> {
    await tx.query(
      `UPDATE custom_fields f SET position = place - 1, version = version + 1
       FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
       WHERE f.id = wanted.id AND f.position <> place - 1`,
      [ids],
    );
  }

  async markDeleted(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`UPDATE custom_fields SET deleted_at = app.now(), version = version + 1 WHERE id = $1`, [id]);
  }
}

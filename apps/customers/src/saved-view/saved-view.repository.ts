import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SavedView as ShownView } from '#contracts/saved-views';
import { SavedView } from './saved-view.entity.js';

@Injectable()
export class SavedViewRepository {
  /** The user's own in their order, then what others share. */
  async visible(tx: EntityManager, userId: string): Promise<ShownView[]> {
    return tx.query<ShownView[]>(
      `SELECT v.id, v.name, v.query, v.shared, v.owner_id AS "ownerId", coalesce(o.display_name, '') AS "ownerName",
         v.position, v.version
       FROM saved_views v LEFT JOIN users o ON o.id = v.owner_id
       WHERE v.owner_id = $1 OR v.shared
       ORDER BY v.owner_id <> $1, o.display_name, v.owner_id, v.position`,
      [userId],
    );
  }

  /** A user's own, in their order; one change of them at a time. */
  async hold(tx: EntityManager, ownerId: string): Promise<SavedView[]> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('saved views ' || $1))`, [ownerId]);
    return tx.find(SavedView, { where: { ownerId }, order: { position: 'ASC', id: 'ASC' } });
  }

  async save(tx: EntityManager, view: SavedView): Promise<void> {
    await tx.save(SavedView, view);
  }

  /** Gives each its place in the order named. */
  async arrange(tx: EntityManager, ids: string[]): Promise<void> {
    await tx.query(
      `UPDATE saved_views v SET position = place - 1, version = version + 1
       FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
       WHERE v.id = wanted.id AND v.position <> place - 1`,
      [ids],
    );
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(SavedView, { id });
  }
}

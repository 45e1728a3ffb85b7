import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { HandOver, HandOverQuery } from '#contracts/hand-overs';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import type { Undoable } from '../transfer/transfer.rules.js';

export type HandOverRow = Omit<HandOver, 'createdAt' | 'undoUntil' | 'undoneAt'> &
  Undoable & { createdAt: Date; undoUntil: Date };

const SHOWN = `
  h.id, h.user_id AS "userId", h.customer_count AS "customerCount", h.reason,
  ARRAY(SELECT t.id FROM transfers t WHERE t.hand_over_id = h.id ORDER BY t.id)::text[] AS "transferIds",
  h.delegation_ids::text[] AS "delegationIds", h.created_at AS "createdAt",
  h.created_at + interval '7 days' AS "undoUntil", h.undone_at AS "undoneAt",
  app.now() < h.created_at + interval '7 days' AS "inTime"`;

/** For the administrator alone: the service has made sure of it. */
@Injectable()
export class HandOverRepository {
  async find(tx: EntityManager, id: string, lock: '' | 'FOR UPDATE' = ''): Promise<HandOverRow | undefined> {
    const [row] = await tx.query<HandOverRow[]>(`SELECT ${SHOWN} FROM hand_overs h WHERE h.id = $1 ${lock}`, [id]);
    return row;
  }

  /** The latest first. */
  async list(tx: EntityManager, actorId: string, query: z.output<typeof HandOverQuery>): Promise<Page<HandOverRow>> {
    const binding = { actorId, filter: query };
    const [before = null] = decodeCursor(binding, query.cursor, byId) ?? [];
    const rows = await tx.query<HandOverRow[]>(
      `SELECT ${SHOWN} FROM hand_overs h WHERE $1::uuid IS NULL OR h.id < $1 ORDER BY h.id DESC LIMIT $2`,
      [before, query.limit + 1],
    );
    return pageOf(rows, query.limit, binding, ({ id }) => [id]);
  }

  async insert(
    tx: EntityManager,
    handOver: { id: string; userId: string; customerCount: number; reason: string; madeBy: string },
  ): Promise<void> {
    const { id, userId, customerCount, reason, madeBy } = handOver;
    await tx.query(
      `INSERT INTO hand_overs (id, user_id, customer_count, reason, made_by) VALUES ($1, $2, $3, $4, $5)`,
      [id, userId, customerCount, reason, madeBy],
    );
  }

  async noteDelegations(tx: EntityManager, id: string, delegationIds: string[]): Promise<void> {
    await tx.query(`UPDATE hand_overs SET delegation_ids = $2 WHERE id = $1`, [id, delegationIds]);
  }

  async markUndone(tx: EntityManager, id: string, by: string): Promise<void> {
    await tx.query(`UPDATE hand_overs SET undone_at = app.now(), undone_by = $2 WHERE id = $1`, [id, by]);
  }

  /** An owner's customers in the order of their names, as in a list of customers. */
  async inOrderOfNames(tx: EntityManager, ownerId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT id FROM customers WHERE owner_id = $1 AND deleted_at IS NULL ORDER BY name, id`,
      [ownerId],
    );
    return rows.map(({ id }) => id);
  }
}

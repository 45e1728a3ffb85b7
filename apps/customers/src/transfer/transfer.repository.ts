import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { Transfer, TransferQuery } from '#contracts/transfers';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import { sightOfOne, type Judged } from '../access/visible.sql.js';
import type { Move, Undoable } from './transfer.rules.js';

export type TransferRow = Omit<Transfer, 'handOverId' | 'createdAt' | 'undoUntil' | 'undoneAt'> &
  Undoable & { handOverId: string | null; madeBy: string; createdAt: Date; undoUntil: Date };

const SHOWN = `
  t.id, t.from_user_ids::text[] AS "fromUserIds", t.to_user_id AS "toUserId", t.customer_count AS "customerCount",
  t.reason, t.hand_over_id AS "handOverId", t.made_by AS "madeBy", t.created_at AS "createdAt", t.created_at + interval '7 days' AS "undoUntil",
  t.undone_at AS "undoneAt", app.now() < t.created_at + interval '7 days' AS "inTime"`;

/** Whose business it is: who made it, gave or received, their managers', and the administrator's. $1 to $3: `sightOfOne`. */
const CONCERNS = `(
  $2::text = 'administrator' OR t.made_by = $1::uuid OR t.to_user_id = $1::uuid
  OR t.from_user_ids @> ARRAY[$1::uuid] OR t.to_user_id = ANY ($3::uuid[]) OR t.from_user_ids && $3::uuid[])`;

@Injectable()
export class TransferRepository {
  async find(tx: EntityManager, actor: Judged, id: string, lock: '' | 'FOR UPDATE' = '') {
    const [row] = await tx.query<TransferRow[]>(
      `SELECT ${SHOWN} FROM transfers t WHERE t.id = $4 AND ${CONCERNS} ${lock}`,
      [...sightOfOne(actor), id],
    );
    return row;
  }

  /** The latest first. */
  async list(tx: EntityManager, actor: Judged, query: z.output<typeof TransferQuery>): Promise<Page<TransferRow>> {
    const binding = { actorId: actor.userId, filter: query };
    const [before = null] = decodeCursor(binding, query.cursor, byId) ?? [];
    const rows = await tx.query<TransferRow[]>(
      `SELECT ${SHOWN} FROM transfers t WHERE ${CONCERNS} AND ($4::uuid IS NULL OR t.id < $4)
       ORDER BY t.id DESC LIMIT $5`,
      [...sightOfOne(actor), before, query.limit + 1],
    );
    return pageOf(rows, query.limit, binding, ({ id }) => [id]);
  }

  /** Notes a transfer, with what each customer was before it. */
  async insert(
    tx: EntityManager,
    transfer: {
      id: string;
      fromUserIds: string[];
      toUserId: string;
      reason: string;
      madeBy: string;
      handOverId?: string;
    },
    customers: { id: string; ownerId: string; lastTransferId: string | null }[],
  ): Promise<void> {
    const { id, fromUserIds, toUserId, reason, madeBy, handOverId = null } = transfer;
    await tx.query(
      `INSERT INTO transfers (id, from_user_ids, to_user_id, customer_count, reason, made_by, hand_over_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, fromUserIds, toUserId, customers.length, reason, madeBy, handOverId],
    );
    await tx.query(
      `INSERT INTO transfer_customers (transfer_id, customer_id, from_owner_id, previous_transfer_id)
       SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[])`,
      [
        id,
        customers.map((customer) => customer.id),
        customers.map((customer) => customer.ownerId),
        customers.map((customer) => customer.lastTransferId),
      ],
    );
  }

  async markUndone(tx: EntityManager, id: string, by: string): Promise<void> {
    await tx.query(`UPDATE transfers SET undone_at = app.now(), undone_by = $2 WHERE id = $1`, [id, by]);
  }

  /** Back to where each customer of a transfer was. */
  async wayBack(tx: EntityManager, id: string): Promise<Move[]> {
    return tx.query<Move[]>(
      `SELECT tc.customer_id AS id, t.to_user_id AS "fromOwnerId", tc.from_owner_id AS "toOwnerId",
         tc.previous_transfer_id AS "transferId"
       FROM transfers t JOIN transfer_customers tc ON tc.transfer_id = t.id WHERE t.id = $1 ORDER BY tc.customer_id`,
      [id],
    );
  }

  /** Gives the customers to their new owners; tells their versions from then on. */
  async move(tx: EntityManager, moves: readonly Move[]): Promise<Map<string, number>> {
    const [moved] = await tx.query<[{ id: string; version: number }[], number]>(
      `UPDATE customers c SET owner_id = move.owner_id, last_transfer_id = move.transfer_id,
         version = c.version + 1, updated_at = app.now()
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS move (id, owner_id, transfer_id)
       WHERE c.id = move.id RETURNING c.id, c.version`,
      [moves.map(({ id }) => id), moves.map(({ toOwnerId }) => toOwnerId), moves.map(({ transferId }) => transferId)],
    );
    return new Map(moved.map(({ id, version }) => [id, version]));
  }
}

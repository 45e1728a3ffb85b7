import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FollowUp } from '#contracts/follow-ups';
import { sightOf, VISIBLE, type Judged } from '../access/visible.sql.js';

export type FollowUpRow = Omit<FollowUp, 'nextOn' | 'forUserId' | 'occurredAt' | 'createdAt'> & {
  occurredAt: Date;
  nextOn: string | null;
  forUserId: string | null;
  createdAt: Date;
  /** As PostgreSQL writes it, for the cursor. */
  place: string;
};

export interface DueRow {
  customerId: string;
  customerName: string;
  ownerId: string;
  nextOn: string;
  overdueDays: number;
  followUp: FollowUpRow;
}

const SHOWN = `
  f.id, f.customer_id AS "customerId", f.kind, f.content, f.occurred_at AS "occurredAt", f.next_on::text AS "nextOn",
  f.by_user_id AS "byUserId", f.for_user_id AS "forUserId", f.created_at AS "createdAt", f.occurred_at::text AS place`;

/** A customer that is to be spoken to by `$5`. */
const DUE = `${VISIBLE} AND c.deleted_at IS NULL AND c.next_follow_up_on <= $5::date`;

@Injectable()
export class FollowUpRepository {
  async insert(
    tx: EntityManager,
    {
      customerId,
      kind,
      content,
      occurredAt,
      nextOn,
      byUserId,
      forUserId,
    }: Omit<FollowUpRow, 'id' | 'createdAt' | 'place'>,
  ): Promise<string> {
    const [row] = await tx.query<[{ id: string }]>(
      `INSERT INTO follow_ups (customer_id, kind, content, occurred_at, next_on, by_user_id, for_user_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [customerId, kind, content, occurredAt, nextOn, byUserId, forUserId],
    );
    return row.id;
  }

  /**
   * Keeps on the customer when it was last spoken to, and when it is to be again: what the latest follow-up says, so
   * that a newer one settles an older next date.
   */
  async keepDates(tx: EntityManager, customerId: string, zone: string): Promise<void> {
    await tx.query(
      `UPDATE customers SET (last_follow_up_on, next_follow_up_on) = (
         SELECT (occurred_at AT TIME ZONE $2)::date, next_on FROM follow_ups
         WHERE customer_id = $1 ORDER BY occurred_at DESC, id DESC LIMIT 1)
       WHERE id = $1`,
      [customerId, zone],
    );
  }

  async find(tx: EntityManager, id: string): Promise<FollowUpRow | undefined> {
    const [row] = await tx.query<FollowUpRow[]>(`SELECT ${SHOWN} FROM follow_ups f WHERE f.id = $1`, [id]);
    return row;
  }

  /** The latest first. */
  async list(tx: EntityManager, customerId: string, before: string[] | undefined, limit: number) {
    return tx.query<FollowUpRow[]>(
      `SELECT ${SHOWN} FROM follow_ups f
       WHERE f.customer_id = $1 AND ($2::timestamptz IS NULL OR (f.occurred_at, f.id) < ($2, $3::uuid))
       ORDER BY f.occurred_at DESC, f.id DESC LIMIT $4`,
      [customerId, before?.[0] ?? null, before?.[1] ?? null, limit],
    );
  }

  /** Customers that the actor sees and that are to be spoken to by then, the longest overdue first. */
  async due(
    tx: EntityManager,
    actor: Judged,
    { until, ownerId, today }: { until: string; ownerId?: string; today: string },
    after: string[] | undefined,
    limit: number,
  ): Promise<DueRow[]> {
    const rows = await tx.query<(FollowUpRow & Omit<DueRow, 'followUp' | 'nextOn'> & { dueOn: string })[]>(
      `SELECT c.name AS "customerName", c.owner_id AS "ownerId", c.next_follow_up_on::text AS "dueOn",
         greatest($6::date - c.next_follow_up_on, 0) AS "overdueDays", ${SHOWN}
       FROM customers c
       CROSS JOIN LATERAL (
         SELECT * FROM follow_ups latest WHERE latest.customer_id = c.id
         ORDER BY latest.occurred_at DESC, latest.id DESC LIMIT 1
       ) f
       WHERE ${DUE}
         AND ($7::uuid IS NULL OR c.owner_id = $7)
         AND ($8::date IS NULL OR (c.next_follow_up_on, c.id) > ($8, $9::uuid))
       ORDER BY c.next_follow_up_on, c.id LIMIT $10`,
      [...(await sightOf(tx, actor)), until, today, ownerId ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map(({ customerName, ownerId, dueOn, overdueDays, ...followUp }) => ({
      customerId: followUp.customerId,
      customerName,
      ownerId,
      nextOn: dueOn,
      overdueDays,
      followUp,
    }));
  }

  async countDue(tx: EntityManager, actor: Judged, until: string): Promise<number> {
    const [row] = await tx.query<[{ count: number }]>(`SELECT count(*)::int AS count FROM customers c WHERE ${DUE}`, [
      ...(await sightOf(tx, actor)),
      until,
    ]);
    return row.count;
  }
}

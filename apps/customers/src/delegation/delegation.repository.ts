import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import type { Delegation, DelegationQuery } from '#contracts/delegations';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import { sightOfOne, type Judged } from '../access/visible.sql.js';

/** A delegation with its version; `customerIds` are those that it still names. */
export type DelegationRow = Omit<Delegation, 'startsAt' | 'endsAt' | 'revokedAt'> & {
  startsAt: Date;
  endsAt: Date | null;
  revokedAt: Date | null;
  version: number;
};

export interface NewRow {
  ownerId: string;
  delegateId: string;
  scope: 'customers' | 'all';
  customerIds: string[];
  /** Null: from this moment, by the database's clock. */
  startsAt: Date | null;
  endsAt: Date | null;
  reason: string;
  createdBy: string;
}

const SHOWN = `
  d.id, d.owner_id AS "ownerId", d.delegate_id AS "delegateId", d.scope, d.starts_at AS "startsAt",
  d.ends_at AS "endsAt", d.reason, d.revoked_at AS "revokedAt", d.version,
  ARRAY(SELECT dc.customer_id FROM delegation_customers dc WHERE dc.delegation_id = d.id
    ORDER BY dc.customer_id)::text[] AS "customerIds",
  CASE
    WHEN d.revoked_at IS NOT NULL THEN 'revoked'
    WHEN d.ends_at <= app.now() THEN 'expired'
    WHEN d.starts_at > app.now() THEN 'scheduled'
    ELSE 'active'
  END AS state`;

/** It runs, or is to come. */
const NOT_OVER = `d.revoked_at IS NULL AND (d.ends_at IS NULL OR d.ends_at > app.now())`;

/** Whose business it is: the giver's, the receiver's, the giver's manager's, the administrator's. $1 to $3: `sightOfOne`. */
const CONCERNS = `(
  $2::text = 'administrator' OR $1::uuid IN (d.owner_id, d.delegate_id) OR d.owner_id = ANY ($3::uuid[]))`;

@Injectable()
export class DelegationRepository {
  async now(tx: EntityManager): Promise<Date> {
    const [row] = await tx.query<[{ now: Date }]>(`SELECT app.now() AS now`);
    return row.now;
  }

  async find(tx: EntityManager, actor: Judged, id: string, lock: '' | 'FOR UPDATE' = '') {
    const [row] = await tx.query<DelegationRow[]>(
      `SELECT ${SHOWN} FROM delegations d WHERE d.id = $4 AND ${CONCERNS} ${lock}`,
      [...sightOfOne(actor), id],
    );
    return row;
  }

  /** The latest first. */
  async list(tx: EntityManager, actor: Judged, query: z.output<typeof DelegationQuery>): Promise<Page<DelegationRow>> {
    const binding = { actorId: actor.userId, filter: query };
    const [before = null] = decodeCursor(binding, query.cursor, byId) ?? [];
    const rows = await tx.query<DelegationRow[]>(
      `SELECT ${SHOWN} FROM delegations d
       WHERE ${CONCERNS} AND ($4::uuid IS NULL OR d.id < $4)
         AND CASE $5::text WHEN 'given' THEN d.owner_id = $1 WHEN 'received' THEN d.delegate_id = $1 ELSE true END
       ORDER BY d.id DESC LIMIT $6`,
      [...sightOfOne(actor), before, query.direction ?? null, query.limit + 1],
    );
    return pageOf(rows, query.limit, binding, ({ id }) => [id]);
  }

  /** The delegates of delegations that began or ran out after the one moment, until the other. */
  async turnedBetween(tx: EntityManager, from: Date, to: Date): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT delegate_id AS id FROM delegations WHERE revoked_at IS NULL AND starts_at > $1 AND starts_at <= $2
       UNION
       SELECT delegate_id FROM delegations WHERE revoked_at IS NULL AND ends_at > $1 AND ends_at <= $2`,
      [from, to],
    );
    return rows.map(({ id }) => id);
  }

  async insert(tx: EntityManager, delegation: NewRow): Promise<DelegationRow> {
    const { ownerId, delegateId, scope, customerIds, startsAt, endsAt, reason, createdBy } = delegation;
    const [{ id }] = await tx.query<[{ id: string }]>(
      `INSERT INTO delegations (owner_id, delegate_id, scope, starts_at, ends_at, reason, created_by)
       VALUES ($1, $2, $3, coalesce($4, app.now()), $5, $6, $7) RETURNING id`,
      [ownerId, delegateId, scope, startsAt, endsAt, reason, createdBy],
    );
    await tx.query(`INSERT INTO delegation_customers (delegation_id, customer_id) SELECT $1, unnest($2::uuid[])`, [
      id,
      customerIds,
    ]);
    const [row] = await this.byIds(tx, [id]);
    return row as DelegationRow;
  }

  /** Holds for every read that begins after this transaction. */
  async revoke(tx: EntityManager, ids: string[], by: string): Promise<DelegationRow[]> {
    await tx.query(
      `UPDATE delegations SET revoked_at = app.now(), revoked_by = $2, version = version + 1 WHERE id = ANY ($1)`,
      [ids, by],
    );
    return this.byIds(tx, ids);
  }

  /** Running and coming delegations that name one of the customers, held in one order. */
  async naming(tx: EntityManager, customerIds: string[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT d.id FROM delegations d
       WHERE ${NOT_OVER}
         AND d.id IN (SELECT delegation_id FROM delegation_customers WHERE customer_id = ANY ($1))
       ORDER BY d.id FOR UPDATE`,
      [customerIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Running and coming ones that a user gave or received, held in one order. */
  async concerning(tx: EntityManager, userId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT d.id FROM delegations d WHERE $1::uuid IN (d.owner_id, d.delegate_id) AND ${NOT_OVER}
       ORDER BY d.id FOR UPDATE`,
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  async countOf(tx: EntityManager, userId: string): Promise<{ given: number; received: number }> {
    const [counts] = await tx.query<[{ given: number; received: number }]>(
      `SELECT count(*) FILTER (WHERE d.owner_id = $1)::int AS given,
         count(*) FILTER (WHERE d.delegate_id = $1)::int AS received
       FROM delegations d WHERE $1::uuid IN (d.owner_id, d.delegate_id) AND ${NOT_OVER}`,
      [userId],
    );
    return counts;
  }

  /**
   * Lets revoked ones run again, if their time isn't over. A customer that went to another owner meanwhile is left out,
   * and with it a delegation that names no other: it would have ended there.
   */
  async resume(tx: EntityManager, ids: string[]): Promise<DelegationRow[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT d.id FROM delegations d
       WHERE d.id = ANY ($1) AND d.revoked_at IS NOT NULL AND (d.ends_at IS NULL OR d.ends_at > app.now())
       ORDER BY d.id FOR UPDATE`,
      [ids],
    );
    const held = rows.map(({ id }) => id);
    await tx.query(
      `DELETE FROM delegation_customers dc USING delegations d, customers c
       WHERE d.id = ANY ($1) AND dc.delegation_id = d.id AND c.id = dc.customer_id AND c.owner_id <> d.owner_id`,
      [held],
    );
    const [resumed] = await tx.query<[{ id: string }[], number]>(
      `UPDATE delegations d SET revoked_at = NULL, revoked_by = NULL, version = version + 1
       WHERE d.id = ANY ($1)
         AND (d.scope = 'all' OR EXISTS (SELECT FROM delegation_customers dc WHERE dc.delegation_id = d.id))
       RETURNING d.id`,
      [held],
    );
    return this.byIds(
      tx,
      resumed.map(({ id }) => id),
    );
  }

  /** Takes customers out of delegations, and tells which out of each; one that names none any more is over. */
  async leaveOut(tx: EntityManager, ids: string[], customerIds: string[], by: string) {
    const [taken] = await tx.query<[{ id: string; customerId: string }[], number]>(
      `DELETE FROM delegation_customers WHERE delegation_id = ANY ($1) AND customer_id = ANY ($2)
       RETURNING delegation_id AS id, customer_id AS "customerId"`,
      [ids, customerIds],
    );
    const left = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (const { id, customerId } of taken) left.get(id)?.push(customerId);
    await tx.query(
      `UPDATE delegations d SET version = version + 1, (revoked_at, revoked_by) = (
         SELECT app.now(), $2::uuid
         WHERE NOT EXISTS (SELECT FROM delegation_customers dc WHERE dc.delegation_id = d.id))
       WHERE id = ANY ($1)`,
      [ids, by],
    );
    return { left, rows: await this.byIds(tx, ids) };
  }

  async pageAfter(tx: EntityManager, after: string | undefined, limit: number): Promise<DelegationRow[]> {
    return tx.query<DelegationRow[]>(
      `SELECT ${SHOWN} FROM delegations d WHERE $1::uuid IS NULL OR d.id > $1 ORDER BY d.id LIMIT $2`,
      [after ?? null, limit],
    );
  }

  private async byIds(tx: EntityManager, ids: string[]): Promise<DelegationRow[]> {
    return tx.query<DelegationRow[]>(`SELECT ${SHOWN} FROM delegations d WHERE d.id = ANY ($1) ORDER BY d.id`, [ids]);
  }
}

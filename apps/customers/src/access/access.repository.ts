import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ScopePart } from '#contracts/access';
import type { Grant, Scope } from '#contracts/context';
import { prepared } from '#platform/database';
import {
  accessBy,
  COVERED_CUSTOMERS,
  COVERED_OWNERS,
  seesByOwner,
  sightOf,
  sightOfOne,
  VISIBLE,
  VISIBLE_ONE,
  type HeldCustomer,
  type Judged,
} from './visible.sql.js';

interface GrantRow {
  customerId: string;
  ownerId: string;
  via: Grant['via'];
  delegationId: string | null;
}

/** The owners whose customers are the actor's to take away: himself, and those whom he manages. */
const OWN = `SELECT $1::uuid AS owner_id UNION SELECT unnest($2::uuid[])`;

@Injectable()
export class AccessRepository {
  async grant(tx: EntityManager, actor: Judged, customerId: string): Promise<Grant | undefined> {
    const [row] = await prepared<GrantRow>(
      tx,
      `SELECT c.id AS "customerId", c.owner_id AS "ownerId", access.via, access.delegation_id AS "delegationId"
       FROM customers c ${accessBy('$3')} WHERE c.id = $4 AND ${VISIBLE_ONE}`,
      [...sightOfOne(actor), customerId],
    );
    return row && asGrant(row);
  }

  /** The same, holding the customer against every change until the transaction ends. */
  async grantAndLock(tx: EntityManager, actor: Judged, customerId: string): Promise<Grant | undefined> {
    await tx.query(`SELECT FROM customers WHERE id = $1 FOR UPDATE`, [customerId]);
    return this.grant(tx, actor, customerId);
  }

  /** The grants for many, all of which are held in the order of their ids. */
  async grantsAndLock(tx: EntityManager, actor: Judged, customerIds: string[]): Promise<Grant[]> {
    await tx.query(`SELECT FROM customers WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`, [customerIds]);
    const rows = await tx.query<GrantRow[]>(
      `SELECT c.id AS "customerId", c.owner_id AS "ownerId", access.via, access.delegation_id AS "delegationId"
       FROM customers c ${accessBy('$6')} WHERE c.id = ANY ($5::uuid[]) AND ${VISIBLE}`,
      [...(await sightOf(tx, actor)), customerIds, actor.manages ?? []],
    );
    return rows.map(asGrant);
  }

  async isDeleted(tx: EntityManager, customerId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`SELECT FROM customers WHERE id = $1 AND deleted_at IS NOT NULL`, [
      customerId,
    ]);
    return rows.length > 0;
  }

  /** Customers by their ids, or all of an owner's but the deleted ones, in the order in which they are locked. */
  async many(
    tx: EntityManager,
    actor: Judged,
    which: { ids: string[] } | { ownerId: string },
    lock: '' | 'FOR SHARE' | 'FOR UPDATE',
  ): Promise<HeldCustomer[]> {
    const [condition, value] =
      'ids' in which
        ? ['c.id = ANY ($5::uuid[])', which.ids]
        : ['c.owner_id = $5::uuid AND c.deleted_at IS NULL', which.ownerId];
    return tx.query<HeldCustomer[]>(
      `SELECT c.id, c.owner_id AS "ownerId", c.version, c.deleted_at IS NOT NULL AS deleted,
         c.last_transfer_id AS "lastTransferId", ${VISIBLE} AS visible
       FROM customers c WHERE ${condition} ORDER BY c.id ${lock}`,
      [...(await sightOf(tx, actor)), value],
    );
  }

  /** Without a part: all that he sees. With members: what of it is theirs. */
  async scope(tx: EntityManager, actor: Judged, part?: ScopePart, members?: string[]): Promise<Scope> {
    const nothing = { all: false as const, owners: [], customerIds: [] };
    const everybody = !seesByOwner(actor);
    if (everybody && part === 'delegated') return nothing;
    if (everybody && !members) return { all: true, accessVersion: await this.sumOfVersions(tx) };
    const own = everybody ? `SELECT unnest($3::uuid[]) AS owner_id` : OWN;
    const owners = { own, delegated: `${COVERED_OWNERS} EXCEPT (${own})`, all: `${own} UNION ${COVERED_OWNERS}` };
    const [row] = await prepared<{ owners: { id: string; accessVersion: number }[] | null; customerIds: string[] }>(
      tx,
      `SELECT
         (SELECT jsonb_agg(jsonb_build_object('id', owner_id, 'accessVersion', coalesce(a.version, 0)) ORDER BY owner_id)
          FROM (${owners[part ?? 'all']}) seen LEFT JOIN owner_access a USING (owner_id)
          WHERE $3::uuid[] IS NULL OR owner_id = ANY ($3)) AS owners,
         ARRAY(${COVERED_CUSTOMERS} AND $4 AND d.owner_id <> ALL ($2::uuid[])
           AND ($3::uuid[] IS NULL OR d.owner_id = ANY ($3)))::text[] AS "customerIds"`,
      [actor.userId, actor.manages ?? [], members ?? null, part !== 'own'],
    );
    return row ? { ...nothing, owners: row.owners ?? [], customerIds: [...new Set(row.customerIds)] } : nothing;
  }

  /** Whose customers are, whoever asks: for services alone. */
  async owners(tx: EntityManager, customerIds: string[]) {
    return tx.query<{ id: string; ownerId: string; deleted: boolean }[]>(
      `SELECT id, owner_id AS "ownerId", deleted_at IS NOT NULL AS deleted FROM customers WHERE id = ANY ($1::uuid[])`,
      [customerIds],
    );
  }

  /**
   * Raises the access versions of owners, each by the number given, and gives those from before. The rows are locked
   * in one order, so that two who move customers to and fro wait for each other instead of both for ever.
   */
  async raise(tx: EntityManager, by: ReadonlyMap<string, number>): Promise<Map<string, number>> {
    const owners = [...by.keys()].sort();
    await tx.query(
      `INSERT INTO owner_access (owner_id, version)
       SELECT owner_id, 0 FROM unnest($1::uuid[]) AS owner_id ORDER BY owner_id ON CONFLICT DO NOTHING`,
      [owners],
    );
    const rows = await tx.query<{ owner_id: string; version: number }[]>(
      `SELECT owner_id, version FROM owner_access WHERE owner_id = ANY ($1) ORDER BY owner_id FOR UPDATE`,
      [owners],
    );
    await tx.query(
      `UPDATE owner_access a SET version = a.version + raised.by
       FROM unnest($1::uuid[], $2::int[]) AS raised (owner_id, by) WHERE a.owner_id = raised.owner_id`,
      [owners, owners.map((owner) => by.get(owner))],
    );
    return new Map(rows.map((row) => [row.owner_id, row.version]));
  }

  /** Every change to any owner raises it. */
  private async sumOfVersions(tx: EntityManager): Promise<number> {
    const [row] = await tx.query<{ sum: number }[]>(
      `SELECT coalesce(sum(version), 0)::float8 AS sum FROM owner_access`,
    );
    return row!.sum;
  }

  /** Every owner's version, a page at a time. */
  async versionsAfter(tx: EntityManager, after: string | undefined, limit: number) {
    return tx.query<{ ownerId: string; accessVersion: number }[]>(
      `SELECT owner_id AS "ownerId", version AS "accessVersion" FROM owner_access
       WHERE $1::uuid IS NULL OR owner_id > $1 ORDER BY owner_id LIMIT $2`,
      [after ?? null, limit],
    );
  }
}

const asGrant = ({ delegationId, ...grant }: GrantRow): Grant => ({ ...grant, ...(delegationId && { delegationId }) });

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BUCKETS, type ArrearsRow, type Bucket } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { ARREARS, arrearsParameters, sumOf } from './arrears.sql.js';

export interface ArrearsFilter {
  ownerId?: string;
  bucket?: Bucket;
  /** Folded. */
  text?: string;
}

export interface Sums {
  total: string;
  customers: number;
  purchases: number;
  buckets: Record<Bucket, string>;
}
export interface OwnerSums extends Sums {
  ownerId: string;
  username: string;
  ownerName: string;
}

export interface TeamSums extends Sums {
  teamId: string | null;
}

const ROW = `
  purchase_id AS "purchaseId", customer_id AS "customerId", customer_name AS "customerName", owner_id AS "ownerId",
  product_name AS "productName", payable::text, paid::text, balance::text, sold_on::text AS "soldOn",
  due_on::text AS "dueOn", days_past_due AS "daysPastDue", bucket`;

const SUMS = `
  ${sumOf('balance')} AS total, count(DISTINCT customer_id)::int AS customers, count(*)::int AS purchases,
  jsonb_build_object(${BUCKETS.map((bucket) => `'${bucket}', ${sumOf('balance', `bucket = '${bucket}'`)}`).join(', ')})
    AS buckets`;

const FILTERED = `
  SELECT * FROM (${ARREARS}) arrears
  WHERE ($5::uuid IS NULL OR owner_id = $5) AND ($6::text IS NULL OR bucket = $6)
    AND ($7::text IS NULL OR strpos(folded_name, $7) > 0 OR strpos(folded_product, $7) > 0)`;

@Injectable()
export class ArrearsRepository {
  /** The longest due first, with the sum over all that the filter lets through. */
  async page(
    tx: EntityManager,
    scope: Scope,
    asOf: string,
    { ownerId, bucket, text, after, limit }: ArrearsFilter & { after?: unknown[]; limit: number },
  ): Promise<{ rows: ArrearsRow[]; total: string; count: number }> {
    const [sums] = await tx.query<{ total: string; count: number; rows: ArrearsRow[] | null }[]>(
      `WITH filtered AS MATERIALIZED (${FILTERED})
       SELECT ${sumOf('balance')} AS total, count(*)::int AS count,
         (SELECT jsonb_agg(page ORDER BY page."dueOn", page."purchaseId") FROM (
            SELECT ${ROW} FROM filtered
            WHERE $8::date IS NULL OR (due_on, purchase_id) > ($8, $9::uuid)
            ORDER BY due_on, purchase_id LIMIT $10) page) AS rows
       FROM filtered`,
      [
        ...arrearsParameters(scope, asOf),
        ownerId ?? null,
        bucket ?? null,
        text ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
    );
    return { rows: sums!.rows ?? [], total: sums!.total, count: sums!.count };
  }

  async all(tx: EntityManager, scope: Scope, asOf: string): Promise<ArrearsRow[]> {
    return tx.query<ArrearsRow[]>(
      `SELECT ${ROW} FROM (${ARREARS}) arrears ORDER BY due_on, purchase_id`,
      arrearsParameters(scope, asOf),
    );
  }

  async sums(tx: EntityManager, scope: Scope, asOf: string): Promise<Sums> {
    const [sums] = await tx.query<Sums[]>(`SELECT ${SUMS} FROM (${ARREARS}) arrears`, arrearsParameters(scope, asOf));
    return sums!;
  }

  /** The largest total first. */
  async sumsByOwner(tx: EntityManager, scope: Scope, asOf: string): Promise<OwnerSums[]> {
    return tx.query<OwnerSums[]>(
      `SELECT owned.*, coalesce(u.username, '') AS username, coalesce(u.display_name, '') AS "ownerName"
       FROM (SELECT owner_id AS "ownerId", ${SUMS} FROM (${ARREARS}) arrears GROUP BY owner_id) owned
       LEFT JOIN users u ON u.id = owned."ownerId"
       ORDER BY owned.total::numeric DESC, "ownerId"`,
      arrearsParameters(scope, asOf),
    );
  }

  /** The largest total first. */
  async sumsByTeam(tx: EntityManager, scope: Scope, asOf: string): Promise<TeamSums[]> {
    return tx.query<TeamSums[]>(
      `SELECT u.team_id AS "teamId", ${SUMS}
       FROM (${ARREARS}) arrears LEFT JOIN users u ON u.id = arrears.owner_id
       GROUP BY u.team_id ORDER BY sum(balance) DESC, u.team_id`,
      arrearsParameters(scope, asOf),
    );
  }

  async sumOfCustomers(tx: EntityManager, scope: Scope, asOf: string, customerIds: string[]) {
    const [sums] = await tx.query<{ count: number; amount: string }[]>(
      `SELECT count(*)::int AS count, ${sumOf('balance')} AS amount FROM (${ARREARS}) arrears
       WHERE customer_id = ANY ($5::uuid[])`,
      [...arrearsParameters(scope, asOf), customerIds],
    );
    return sums!;
  }
}

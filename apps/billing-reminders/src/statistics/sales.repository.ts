import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Scope } from '#contracts/context';
import { scopeParameters } from '../scope/visible.sql.js';

export interface MonthSales {
  month: string;
  purchases: number;
  amount: string;
}
export interface OwnerSales extends MonthSales {
  ownerId: string;
  username: string;
  ownerName: string;
}
export interface TeamSales extends MonthSales {
  teamId: string | null;
}
/** Whose part in the sums is moved: of these purchases, or of all purchases of these customers. */
export type Part = { purchaseIds: string[] } | { customerIds: string[] };

/** Any number; nobody else uses it with this first one. */
const COUNTING = [0x5a1e5, 1];

/** What the scope shows: whole owners from what is kept, and single customers, who are few, from their purchases. */
const COUNTED = `
  SELECT s.owner_id, s.month, s.purchases, s.amount FROM sales_by_month s
  WHERE ($1::boolean OR s.owner_id = ANY ($2::uuid[])) AND s.month BETWEEN $4::date AND $5::date
  UNION ALL
  SELECT k.owner_id, date_trunc('month', c.sold_on)::date, 1, c.payable
  FROM customers k JOIN charges c ON c.customer_id = k.id
  WHERE NOT $1::boolean AND k.id = ANY ($3::uuid[]) AND NOT k.owner_id = ANY ($2::uuid[]) AND NOT k.deleted
    AND c.voided_on IS NULL AND c.sold_on >= $4::date AND c.sold_on < $5::date + interval '1 month'`;
const SUMS = `to_char(month, 'YYYY-MM') AS month, sum(purchases)::int AS purchases, sum(amount)::numeric(20,2)::text AS amount`;

/** The sums by owner and month: how they are kept, and read. */
@Injectable()
export class SalesRepository {
  /**
   * Who is about to change customers or charges takes his turn: a customer who moves and a purchase that arrives for him
   * at the same time would else each be counted without the other.
   */
  async takeTurn(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock($1, $2)`, COUNTING);
  }

  /** Takes out (-1) or puts in (1) what these purchases come to as they stand. A month that is left with none has no row. */
  async count(tx: EntityManager, part: Part, sign: 1 | -1): Promise<void> {
    const [column, ids] = 'purchaseIds' in part ? ['purchase_id', part.purchaseIds] : ['customer_id', part.customerIds];
    await tx.query(
      `MERGE INTO sales_by_month s USING (
         SELECT k.owner_id, date_trunc('month', c.sold_on)::date AS month,
           ($2::int * count(*))::int AS purchases, $2::int * sum(c.payable) AS amount
         FROM charges c JOIN customers k ON k.id = c.customer_id
         WHERE c.${column} = ANY ($1::uuid[]) AND NOT k.deleted AND c.voided_on IS NULL
         GROUP BY 1, 2
       ) part ON s.owner_id = part.owner_id AND s.month = part.month
       WHEN MATCHED AND s.purchases + part.purchases = 0 THEN DELETE
       WHEN MATCHED THEN UPDATE SET purchases = s.purchases + part.purchases, amount = s.amount + part.amount
       WHEN NOT MATCHED THEN INSERT (owner_id, month, purchases, amount)
         VALUES (part.owner_id, part.month, part.purchases, part.amount)`,
      [ids, sign],
    );
  }

  async byMonth(tx: EntityManager, scope: Scope, from: string, to: string): Promise<MonthSales[]> {
    return tx.query<MonthSales[]>(
      `SELECT ${SUMS} FROM (${COUNTED}) counted GROUP BY counted.month ORDER BY counted.month`,
      [...scopeParameters(scope), from, to],
    );
  }

  async byOwner(tx: EntityManager, scope: Scope, from: string, to: string): Promise<OwnerSales[]> {
    return tx.query<OwnerSales[]>(
      `SELECT counted.owner_id AS "ownerId", coalesce(u.username, '') AS username,
         coalesce(u.display_name, '') AS "ownerName", ${SUMS}
       FROM (${COUNTED}) counted LEFT JOIN users u ON u.id = counted.owner_id
       GROUP BY counted.owner_id, u.username, u.display_name, counted.month
       ORDER BY u.username, counted.owner_id, counted.month`,
      [...scopeParameters(scope), from, to],
    );
  }

  async byTeam(tx: EntityManager, scope: Scope, from: string, to: string): Promise<TeamSales[]> {
    return tx.query<TeamSales[]>(
      `SELECT u.team_id AS "teamId", ${SUMS}
       FROM (${COUNTED}) counted LEFT JOIN users u ON u.id = counted.owner_id
       GROUP BY u.team_id, counted.month
       ORDER BY u.team_id NULLS LAST, counted.month`,
      [...scopeParameters(scope), from, to],
    );
  }
}

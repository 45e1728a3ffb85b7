import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OWNER_VISIBLE, sightOf, type Judged } from '../access/visible.sql.js';
import { VALUE, type Kind } from './counts.sql.js';

export interface MonthCount {
  month: string;
  ownerId?: string;
  ownerName?: string;
  teamId?: string | null;
  count: number;
}

/**
 * The rows of one kind in the actor's view: what is kept of the owners all of whose customers he sees, and the single
 * customers delegated to him beside them.
 */
const seen = (kind: Kind) => `(
  SELECT kept.owner_id, kept.value, kept.count FROM customer_counts kept
  WHERE kept.kind = '${kind}' AND kept.count > 0 AND ${OWNER_VISIBLE('kept.owner_id')}
  UNION ALL
  SELECT c.owner_id, ${VALUE[kind]}, 1 FROM customers c
  WHERE c.id = ANY ($4::uuid[]) AND c.deleted_at IS NULL AND NOT ${OWNER_VISIBLE('c.owner_id')}
)`;

/** Reads what the triggers on `customers` keep; never counts customers. */
@Injectable()
export class CountsRepository {
  async byStatus(tx: EntityManager, actor: Judged): Promise<Map<string, number>> {
    const rows = await tx.query<{ value: string; count: number }[]>(
      `SELECT value, sum(count)::int AS count FROM ${seen('status')} seen GROUP BY value`,
      await sightOf(tx, actor),
    );
    return new Map(rows.map(({ value, count }) => [value, count]));
  }

  async tags(tx: EntityManager, actor: Judged): Promise<{ tag: string; count: number }[]> {
    return tx.query(
      `SELECT value AS tag, sum(count)::int AS count FROM ${seen('tag')} seen
       GROUP BY value ORDER BY sum(count) DESC, value`,
      await sightOf(tx, actor),
    );
  }

  /** Every month from the first to the last. */
  async byMonth(tx: EntityManager, actor: Judged, from: string, to: string): Promise<MonthCount[]> {
    return tx.query(
      `SELECT to_char(month, 'YYYY-MM') AS month, coalesce(sum(seen.count), 0)::int AS count
       FROM generate_series(($5 || '-01')::date, ($6 || '-01')::date, interval '1 month') AS month
       LEFT JOIN ${seen('month')} seen ON seen.value = to_char(month, 'YYYY-MM')
       GROUP BY month ORDER BY month`,
      [...(await sightOf(tx, actor)), from, to],
    );
  }

  async byMonthAndOwner(tx: EntityManager, actor: Judged, from: string, to: string): Promise<MonthCount[]> {
    return tx.query(
      `SELECT seen.value AS month, seen.owner_id AS "ownerId", coalesce(o.display_name, '') AS "ownerName",
         sum(seen.count)::int AS count
       FROM ${seen('month')} seen LEFT JOIN users o ON o.id = seen.owner_id
       WHERE seen.value BETWEEN $5 AND $6
       GROUP BY seen.value, seen.owner_id, o.display_name ORDER BY seen.value, o.display_name, seen.owner_id`,
      [...(await sightOf(tx, actor)), from, to],
    );
  }

  async byMonthAndTeam(tx: EntityManager, actor: Judged, from: string, to: string): Promise<MonthCount[]> {
    return tx.query(
      `SELECT seen.value AS month, o.team_id AS "teamId", sum(seen.count)::int AS count
       FROM ${seen('month')} seen LEFT JOIN users o ON o.id = seen.owner_id
       WHERE seen.value BETWEEN $5 AND $6
       GROUP BY seen.value, o.team_id ORDER BY seen.value, o.team_id`,
      [...(await sightOf(tx, actor)), from, to],
    );
  }
}

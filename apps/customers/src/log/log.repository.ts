import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DelegationSummary } from '#contracts/delegation-summary';
import type { Doer } from '#contracts/event';
import type { LogEntry, LogEntryKind } from '#contracts/log';
import { sightOf, VISIBLE, type Judged } from '../access/visible.sql.js';
import type { FieldChange } from '../customer/customer.entity.js';

/** What is noted of something that was done. Without a customer it is for the administrator alone. */
export interface NewEntry {
  /** Where it is needed beforehand. */
  id?: string;
  kind?: LogEntryKind;
  action: string;
  resource: string;
  resourceId?: string;
  customerId?: string;
  changes?: FieldChange[];
  details?: object;
  /** Where it isn't the same for all that is recorded. */
  by?: Doer;
}

/** With who did it; and when and where it comes from, if another service did. */
export interface WrittenEntry extends Omit<NewEntry, 'by'> {
  byUserId?: string;
  forUserId?: string;
  delegationId?: string;
  at?: string;
  origin?: string;
}

/** What is looked for; each narrows it down. Days are the organisation's, both included. */
export interface Wanted {
  customerId?: string;
  kind?: LogEntryKind;
  userId?: string;
  action?: string;
  resource?: string;
  from?: string;
  to?: string;
}

export type LogRow = LogEntry & {
  /** Its time as PostgreSQL writes it, for the cursor. */
  place: string;
};

/** Names are those of today. A follow-up's words stand with the follow-up alone. */
const SHOWN = `
  e.at::text AS place, jsonb_strip_nulls(jsonb_build_object(
    'id', e.id, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'kind', e.kind,
    'action', e.action, 'resource', e.resource, 'resourceId', e.resource_id, 'customerId', e.customer_id,
    'customerName', c.name, 'byUserId', e.by_user_id, 'byName', doer.display_name, 'forUserId', e.for_user_id, 'forName', owner.display_name,
    'followUp', CASE WHEN f.id IS NOT NULL THEN jsonb_build_object('id', f.id, 'customerId', f.customer_id,
      'kind', f.kind, 'content', f.content, 'nextOn', f.next_on, 'byUserId', f.by_user_id, 'forUserId', f.for_user_id,
      'occurredAt', to_char(f.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'createdAt', to_char(f.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END
  )) || jsonb_build_object('changes', e.changes, 'details', e.details || CASE WHEN taken.entry_id IS NULL THEN '{}'
    ELSE jsonb_build_object('rowCount', taken.row_count, 'complete', taken.complete) END) AS entry`;

/** The delegation under which an entry's doer acted for its owner. */
const HELD_THEN = `(
  SELECT d.id FROM delegations d
  WHERE d.delegate_id = "byUserId" AND d.owner_id = "forUserId" AND d.starts_at <= coalesce(at, app.now())
    AND (d.ends_at IS NULL OR d.ends_at > coalesce(at, app.now()))
    AND (d.revoked_at IS NULL OR d.revoked_at > coalesce(at, app.now()))
    AND (d.scope = 'all' OR EXISTS (
      SELECT FROM delegation_customers dc WHERE dc.delegation_id = d.id AND dc.customer_id = "customerId"))
  ORDER BY d.id LIMIT 1)`;

@Injectable()
export class LogRepository {
  /** Newest first. Whoever asks has judged whether the reader may see them. */
  async list(
    tx: EntityManager,
    wanted: Wanted,
    zone: string,
    before: string[] | undefined,
    limit: number,
  ): Promise<LogRow[]> {
    const parameters: unknown[] = [];
    const $ = (value: unknown) => `$${parameters.push(value)}`;
    const where = ['true'];
    if (wanted.customerId) where.push(`e.customer_id = ${$(wanted.customerId)}::uuid`);
    if (wanted.kind) where.push(`e.kind = ${$(wanted.kind)}`);
    if (wanted.userId) where.push(`e.by_user_id = ${$(wanted.userId)}::uuid`);
    if (wanted.action) where.push(`e.action = ${$(wanted.action)}`);
    if (wanted.resource) where.push(`e.resource = ${$(wanted.resource)}`);
    if (wanted.from) where.push(`e.at >= ${$(wanted.from)}::date::timestamp AT TIME ZONE ${$(zone)}`);
    if (wanted.to) where.push(`e.at < (${$(wanted.to)}::date + 1)::timestamp AT TIME ZONE ${$(zone)}`);
    if (before) where.push(`(e.at, e.id) < (${$(before[0])}::timestamptz, ${$(before[1])}::uuid)`);
    const rows = await tx.query<{ place: string; entry: LogEntry }[]>(
      `SELECT ${SHOWN} FROM log_entries e
       LEFT JOIN users doer ON doer.id = e.by_user_id
       LEFT JOIN users owner ON owner.id = e.for_user_id
       LEFT JOIN customers c ON c.id = e.customer_id
       LEFT JOIN takeaways taken ON taken.entry_id = e.id
       LEFT JOIN follow_ups f ON e.kind = 'follow-up' AND f.id = e.resource_id::uuid
       WHERE ${where.join(' AND ')} ORDER BY e.at DESC, e.id DESC LIMIT ${$(limit)}`,
      parameters,
    );
    return rows.map(({ place, entry }) => ({ ...entry, place }));
  }

  /** How often which thing was done under it. Whoever asks has judged whose business the delegation is. */
  async countsUnder(tx: EntityManager, delegationId: string): Promise<DelegationSummary['counts']> {
    return tx.query(
      `SELECT resource, action, count(*)::int AS count FROM log_entries WHERE delegation_id = $1
       GROUP BY resource, action ORDER BY count(*) DESC, resource, action`,
      [delegationId],
    );
  }

  /** The customers that the actor sees of those with which it was done, the busiest first. */
  async customersUnder(
    tx: EntityManager,
    actor: Judged,
    delegationId: string,
    limit: number,
  ): Promise<DelegationSummary['customers']> {
    return tx.query(
      `SELECT c.id AS "customerId", c.name, done.entries
       FROM (SELECT customer_id, count(*)::int AS entries FROM log_entries WHERE delegation_id = $5::uuid
         GROUP BY customer_id) done
       JOIN customers c ON c.id = done.customer_id
       WHERE ${VISIBLE} ORDER BY done.entries DESC, c.name, c.id LIMIT $6`,
      [...(await sightOf(tx, actor)), delegationId, limit],
    );
  }

  /**
   * Any number at once; what came from the same origin before is left as it is. What a service did for an owner without
   * knowing under which delegation, such as a letter to many customers, is put down to the one that held then.
   */
  async append(tx: EntityManager, entries: readonly WrittenEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await tx.query(
      `INSERT INTO log_entries (id, at, kind, action, resource, resource_id, customer_id, by_user_id, for_user_id,
         delegation_id, changes, details, origin)
       SELECT coalesce(id, uuidv7()), coalesce(at, app.now()), coalesce(kind, 'operation'), action, resource, "resourceId", "customerId",
         "byUserId", "forUserId", coalesce("delegationId", CASE WHEN "forUserId" IS NOT NULL THEN ${HELD_THEN} END),
         coalesce(changes, '[]'), coalesce(details, '{}'), origin
       FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id uuid, at timestamptz, kind text, action text, resource text,
         "resourceId" text, "customerId" uuid, "byUserId" uuid, "forUserId" uuid, "delegationId" uuid, changes jsonb,
         details jsonb, origin text)) WITH ORDINALITY AS entry (id, at, kind, action, resource, "resourceId", "customerId",
         "byUserId", "forUserId", "delegationId", changes, details, origin, place)
       ORDER BY place
       ON CONFLICT (origin) WHERE origin IS NOT NULL DO NOTHING`,
      [JSON.stringify(entries)],
    );
  }

  /** Once: how it ended is not told otherwise afterwards. */
  async endTakeaway(
    tx: EntityManager,
    { id, rowCount, complete }: { id: string; rowCount: number; complete: boolean },
  ): Promise<void> {
    await tx.query(`INSERT INTO takeaways (entry_id, row_count, complete) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
      id,
      rowCount,
      complete,
    ]);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DuplicateMatch, DuplicateReport } from '#contracts/duplicates';
import { sightOf, VISIBLE, type Judged } from '../access/visible.sql.js';
import { bitmapScansOnly } from '../bitmap-scans.sql.js';
import { coreOf, fold, foldKeyword, probeGramsOf, substringsOf } from './folding.rules.js';
import { foldedNames, type Named } from './names.rules.js';

/** How far matches are counted. */
const COUNTED = 1_000;

/** A name to be, and the customer that is to bear it if there is one already. */
export interface Candidate {
  name: string;
  keyword: string;
  customerId?: string;
}

export interface Resemblance {
  customerId: string;
  name: string;
  keyword: string;
  ownerName: string;
}

/** The same for many names, $1; it stops at the first match of each, the same keyword before the others. */
const FIND_ANY_DUPLICATE = `
  SELECT candidate.customer_id AS "customerId", c.name, c.keyword, coalesce(o.display_name, '') AS "ownerName"
  FROM jsonb_to_recordset($1::jsonb)
    AS candidate (customer_id uuid, parts text[], keyword text, grams text[], core text)
  CROSS JOIN LATERAL (
    (SELECT n.customer_id FROM customer_names n
     WHERE n.keyword_folded = ANY (candidate.parts) AND NOT n.deleted AND n.customer_id <> candidate.customer_id
     ORDER BY n.keyword_folded <> candidate.keyword, length(n.keyword_folded) DESC LIMIT 1)
    UNION ALL
    (SELECT n.customer_id FROM customer_names n
     WHERE n.search_grams @> candidate.grams AND position(candidate.keyword IN n.name_folded) > 0
       AND NOT n.deleted AND n.customer_id <> candidate.customer_id LIMIT 1)
    UNION ALL
    (SELECT n.customer_id FROM customer_names n
     WHERE n.name_core = candidate.core AND NOT n.deleted AND n.customer_id <> candidate.customer_id LIMIT 1)
    LIMIT 1
  ) found
  JOIN customers c ON c.id = found.customer_id
  LEFT JOIN users o ON o.id = c.owner_id`;

/**
 * $5 all parts of the new name, $6 the new keyword, $7 its grams, $8 the new name's core, $9 the customer itself.
 * Ranked: the same keyword, then by the length of what was found in the other name, then names that are merely alike.
 */
export const FIND_DUPLICATES = `
  WITH found AS (
    (SELECT n.customer_id, CASE WHEN n.keyword_folded = $6::text THEN 0 ELSE 1 END AS rank,
       length(n.keyword_folded) AS matched,
       CASE WHEN n.keyword_folded = $6::text THEN 'same-keyword' ELSE 'name-contains-keyword' END AS reason
     FROM customer_names n
     WHERE n.keyword_folded = ANY ($5::text[]) AND NOT n.deleted AND n.customer_id IS DISTINCT FROM $9::uuid
     ORDER BY 2, 3 DESC LIMIT ${COUNTED})
    UNION ALL
    (SELECT n.customer_id, 1, length($6::text), 'keyword-in-name'
     FROM customer_names n
     WHERE n.search_grams @> $7::text[] AND position($6::text IN n.name_folded) > 0
       AND NOT n.deleted AND n.customer_id IS DISTINCT FROM $9::uuid
     LIMIT ${COUNTED})
    UNION ALL
    (SELECT n.customer_id, 2, 0, 'alike'
     FROM customer_names n
     WHERE n.name_core = $8::text AND NOT n.deleted AND n.customer_id IS DISTINCT FROM $9::uuid
     LIMIT ${COUNTED})
  ), ranked AS (
    SELECT DISTINCT ON (customer_id) * FROM found ORDER BY customer_id, rank, matched DESC, reason DESC
  ), best AS (
    SELECT *, least(count(*) OVER (), ${COUNTED})::int AS total
    FROM ranked ORDER BY rank, matched DESC, customer_id LIMIT 10
  )
  SELECT CASE WHEN ${VISIBLE} THEN c.id END AS "customerId", c.name, c.keyword,
    coalesce(o.display_name, '') AS "ownerName", s.name AS "statusName", best.reason, best.total
  FROM best
  JOIN customers c ON c.id = best.customer_id
  JOIN customer_statuses s ON s.id = c.status_id
  LEFT JOIN users o ON o.id = c.owner_id
  ORDER BY best.rank, best.matched DESC, best.customer_id`;

/** $1 the keyword, $2 its grams. */
export const COUNT_KEYWORD = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM customer_names n
    WHERE n.search_grams @> $2::text[] AND position($1::text IN n.name_folded) > 0 AND NOT n.deleted LIMIT ${COUNTED}
  ) found`;

@Injectable()
export class DuplicateRepository {
  async find(tx: EntityManager, actor: Judged, candidate: Candidate): Promise<DuplicateReport> {
    type Row = Omit<DuplicateMatch, 'customerId'> & { customerId: string | null; total: number };
    const { parts, keyword, grams, core, customer_id: self = null } = probeOf(candidate);
    const parameters = [...(await sightOf(tx, actor)), parts, keyword, grams, core, self];
    await tx.query(bitmapScansOnly(true));
    const rows = await tx.query<Row[]>(FIND_DUPLICATES, parameters);
    await tx.query(bitmapScansOnly(false));
    const matches = rows.map(({ total: _total, customerId, ...match }) => ({
      ...match,
      ...(customerId && { customerId }),
    }));
    return { matches, total: rows[0]?.total ?? 0 };
  }

  /** How many names hold a keyword. */
  async countKeyword(tx: EntityManager, keyword: string): Promise<number> {
    const folded = foldKeyword(keyword);
    await tx.query(bitmapScansOnly(true));
    const [row] = await tx.query<[{ count: number }]>(COUNT_KEYWORD, [folded, probeGramsOf(folded)]);
    await tx.query(bitmapScansOnly(false));
    return row.count;
  }

  /** For many names at once: one customer each that it resembles, if there is any. */
  async findAny(tx: EntityManager, candidates: Required<Candidate>[]): Promise<Resemblance[]> {
    if (candidates.length === 0) return [];
    await tx.query(bitmapScansOnly(true));
    const rows = await tx.query<Resemblance[]>(FIND_ANY_DUPLICATE, [JSON.stringify(candidates.map(probeOf))]);
    await tx.query(bitmapScansOnly(false));
    return rows;
  }

  /**
   * Lets whoever is about to use the same keyword, or the same name but for region and legal form, wait until this
   * transaction is over: of two at the same moment, the later one sees the other.
   */
  async claim(tx: EntityManager, names: Candidate[]): Promise<void> {
    const claimed = names.flatMap(({ name, keyword }) => [`keyword ${foldKeyword(keyword)}`, `core ${coreOf(name)}`]);
    await tx.query(
      `SELECT pg_advisory_xact_lock(key)
       FROM (SELECT DISTINCT hashtextextended(claimed, 0) AS key FROM unnest($1::text[]) AS claimed ORDER BY key)`,
      [claimed],
    );
  }

  /** What a customer is called. */
  async named(tx: EntityManager, customerId: string): Promise<Named[]> {
    return tx.query<Named[]>(
      `SELECT id, name, keyword, phone, code, deleted_at AS "deletedAt" FROM customers WHERE id = $1`,
      [customerId],
    );
  }

  /**
   * Keeps what customers are found by in step with what they and their contacts are called: the one place where a
   * customer's search text is made.
   */
  async keepNames(tx: EntityManager, customers: Named[]): Promise<void> {
    const contacts = await this.contactsOf(
      tx,
      customers.map(({ id }) => id),
    );
    const rows = customers.map((customer) => foldedNames(customer, contacts.get(customer.id)));
    await tx.query(
      `INSERT INTO customer_names SELECT * FROM jsonb_populate_recordset(NULL::customer_names, $1::jsonb)
       ON CONFLICT (customer_id) DO UPDATE SET name_folded = excluded.name_folded,
         keyword_folded = excluded.keyword_folded, name_core = excluded.name_core, search_text = excluded.search_text,
         search_grams = excluded.search_grams, deleted = excluded.deleted
       WHERE (customer_names.*) IS DISTINCT FROM (excluded.*)`,
      [JSON.stringify(rows)],
    );
  }

  /** Names and phones of the contacts, by customer. */
  private async contactsOf(tx: EntityManager, customerIds: string[]): Promise<Map<string, string[]>> {
    const rows = await tx.query<{ id: string; texts: string[] }[]>(
      `SELECT customer_id AS id, array_agg(text ORDER BY contacts.id) AS texts
       FROM contacts, LATERAL unnest(ARRAY[name, phone, mobile]) AS text
       WHERE customer_id = ANY ($1::uuid[]) AND deleted_at IS NULL AND text IS NOT NULL GROUP BY customer_id`,
      [customerIds],
    );
    return new Map(rows.map(({ id, texts }) => [id, texts]));
  }

  /** Counts one more probe of the actor within a minute; gives how many seconds to wait if that was too many. */
  async countProbe(tx: EntityManager, actorId: string, allowed: number): Promise<number | undefined> {
    const [window] = await tx.query<{ count: number; wait: number }[]>(
      `INSERT INTO duplicate_probes AS p (actor_id, window_started_at, count) VALUES ($1, app.now(), 1)
       ON CONFLICT (actor_id) DO UPDATE SET
         count = CASE WHEN p.window_started_at <= app.now() - interval '1 minute' THEN 1 ELSE p.count + 1 END,
         window_started_at = CASE
           WHEN p.window_started_at <= app.now() - interval '1 minute' THEN app.now() ELSE p.window_started_at END
       RETURNING count, ceil(extract(epoch FROM window_started_at + interval '1 minute' - app.now()))::int AS wait`,
      [actorId],
    );
    return window && window.count > allowed ? Math.max(1, window.wait) : undefined;
  }
}

/** What is looked for to find all that a name resembles. */
function probeOf({ name, keyword, customerId }: Candidate) {
  const folded = foldKeyword(keyword);
  // The keyword need not be part of the name.
  const parts = [...new Set([...substringsOf(fold(name)), folded])];
  return { customer_id: customerId, parts, keyword: folded, grams: probeGramsOf(folded), core: coreOf(name) };
}

import type { DataSource, EntityManager } from 'typeorm';
import { reasonOf } from './faults.js';

export interface ParkedMessage {
  /** The event's or the job's id; `<stream>:<sequence>` if it had none. */
  eventId: string;
  subject: string;
  payload: string;
}

export interface ParkedRow extends ParkedMessage {
  id: string;
  tries: number;
}

/** Puts a message aside that a consumer can't deal with, so that the rest goes on. */
export async function park(
  tx: EntityManager,
  consumer: string,
  { eventId, subject, payload }: ParkedMessage,
  { error, tries }: { error: unknown; tries: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO parked (consumer, event_id, subject, payload, error, tries) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (consumer, event_id) DO UPDATE
     SET error = excluded.error, tries = parked.tries + excluded.tries, parked_at = excluded.parked_at`,
    [consumer, eventId, subject, text(payload), text(reasonOf(error)), tries],
  );
}

export async function parkedCount(dataSource: DataSource, consumer: string): Promise<number> {
  const [row] = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM parked WHERE consumer = $1`,
    [consumer],
  );
  return row?.count ?? 0;
}

export interface Replayed {
  replayed: number;
  /** They stay parked, with their new error. */
  failed: number;
}

/** Tries each parked message again, in the order in which they were parked, each in a transaction of its own. */
export async function replay(
  dataSource: DataSource,
  consumer: string,
  handle: (tx: EntityManager, row: ParkedRow) => Promise<void>,
): Promise<Replayed> {
  const done: Replayed = { replayed: 0, failed: 0 };
  const rows = await dataSource.query<ParkedRow[]>(
    `SELECT id, event_id AS "eventId", subject, payload, tries FROM parked WHERE consumer = $1 ORDER BY id`,
    [consumer],
  );
  for (const row of rows) {
    try {
      await dataSource.transaction(async (tx) => {
        // Two replays at once share the rows: who comes second finds this one gone.
        const [gone] = await tx.query<[unknown[], number]>(`DELETE FROM parked WHERE id = $1 RETURNING id`, [row.id]);
        if (gone.length > 0) await handle(tx, row);
      });
      done.replayed++;
    } catch (error) {
      await park(dataSource.manager, consumer, row, { error, tries: 1 });
      done.failed++;
    }
  }
  return done;
}

/** PostgreSQL's text holds no NUL. */
const text = (value: string) => value.replaceAll('\u0000', '\uFFFD');

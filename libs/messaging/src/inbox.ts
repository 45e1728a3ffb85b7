import type { EntityManager, QueryRunner } from 'typeorm';

/** Longer than any event can come again: the outbox's retention, and then the stream's age. */
const KEPT_DAYS = 30;

/** Notes the events as dealt with, in the transaction that does so. Gives those that were not before, in order. */
export async function claim<E extends { id: string }>(
  tx: EntityManager,
  consumer: string,
  events: readonly E[],
): Promise<E[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<{ event_id: string }[]>(
    `INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id`,
    [consumer, events.map(({ id }) => id)],
  );
  const fresh = new Set(rows.map(({ event_id }) => event_id));
  // Taken out as it is found: the same event may stand twice in a batch.
  return events.filter(({ id }) => fresh.delete(id.toLowerCase()));
}

export async function pruneInbox(runner: QueryRunner, consumer: string): Promise<void> {
  await runner.manager.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`);
    await tx.query(`DELETE FROM inbox WHERE consumer = $1 AND received_at < app.now() - $2 * interval '1 day'`, [
      consumer,
      KEPT_DAYS,
    ]);
  });
}

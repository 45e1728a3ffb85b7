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

/** Notes how far a consumer has come in a stream. */
export async function moveTo(runner: QueryRunner, consumer: string, created: string, seq: number): Promise<void> {
  await runner.query(
    `INSERT INTO inbox_positions (consumer, created, seq) VALUES ($1, $2, $3)
     ON CONFLICT (consumer) DO UPDATE SET created = excluded.created, seq = excluded.seq`,
    [consumer, created, seq],
  );
}

/** How many messages aged out of the stream before the consumer came to them. The server would pass over them. */
export async function missedBefore(
  runner: QueryRunner,
  consumer: string,
  { created, firstSeq }: { created: string; firstSeq: number },
): Promise<number> {
  const rows = (await runner.query(`SELECT created, seq::float8 AS seq FROM inbox_positions WHERE consumer = $1`, [
    consumer,
  ])) as { created: string; seq: number }[];
  const seen = rows[0]?.created === created ? rows[0].seq : 0;
  return Math.max(0, firstSeq - 1 - seen);
}

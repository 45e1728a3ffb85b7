import type { StreamInfo } from '@nats-io/jetstream';
import type { QueryRunner } from 'typeorm';

/**
 * Compares what the outbox has published with what the stream holds. JetStream may have been wiped whole, or come back
 * from an older copy: what it lost counts as unpublished again, as far as the outbox still has it. Consumers know
 * it by its ids if they had it before. Gives how many events that were.
 */
export async function refillFrom(runner: QueryRunner, { config, created, state }: StreamInfo): Promise<number> {
  return runner.manager.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`);
    const [known] = await tx.query<{ created: string }[]>(`SELECT created FROM outbox_streams WHERE stream = $1`, [
      config.name,
    ]);
    // Another stream under the same name counts from 1 again: nothing that was published is in it.
    const kept = known?.created === created ? state.last_seq : 0;
    const [, count] = await tx.query<[unknown, number]>(
      `UPDATE outbox SET published_at = NULL, published_seq = NULL WHERE published_seq > $1`,
      [kept],
    );
    await tx.query(
      `INSERT INTO outbox_streams (stream, created) VALUES ($1, $2)
       ON CONFLICT (stream) DO UPDATE SET created = excluded.created`,
      [config.name, created],
    );
    return count;
  });
}

/** Forgets published events that are older than `retention` ms. */
export async function pruneOutbox(runner: QueryRunner, retention: number): Promise<void> {
  await runner.manager.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`);
    await tx.query(
      `DELETE FROM outbox WHERE published_at IS NOT NULL AND created_at < app.now() - $1 * interval '1 ms'`,
      [retention],
    );
  });
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Sweep } from '#contracts/billing';

/** The jobs of a day that are still to be done; `run` tells them from those queued before. */
export interface SweepRun {
  asOf: string;
  run: number;
  shards: number;
  open: number[];
}

@Injectable()
export class SweepRepository {
  /** The day up to which everything is swept; `initial` if nothing ever was. */
  async watermark(tx: EntityManager, initial: string): Promise<string> {
    await tx.query(`INSERT INTO sweep_watermark (swept_through) VALUES ($1) ON CONFLICT DO NOTHING`, [initial]);
    const [row] = await tx.query<{ day: string }[]>(`SELECT swept_through::text AS day FROM sweep_watermark`);
    return row!.day;
  }

  /** Notes that these days are to be swept; of those that are noted already nothing changes. */
  async begin(tx: EntityManager, days: string[], shards: number): Promise<void> {
    await tx.query(
      `WITH begun AS (
         INSERT INTO sweeps (as_of) SELECT unnest($1::date[]) ON CONFLICT DO NOTHING RETURNING as_of)
       INSERT INTO sweep_shards (as_of, shard) SELECT as_of, shard FROM begun, generate_series(0, $2 - 1) AS shard`,
      [days, shards],
    );
  }

  /** A day that is swept is to be swept once more; one that is being swept goes on. */
  async beginAgain(tx: EntityManager, day: string): Promise<void> {
    await tx.query(
      `WITH again AS (
         UPDATE sweeps SET completed_at = NULL, queued_at = NULL
         WHERE as_of = $1 AND completed_at IS NOT NULL RETURNING as_of)
       UPDATE sweep_shards SET done_at = NULL WHERE as_of IN (SELECT as_of FROM again)`,
      [day],
    );
  }

  /** What is to be queued now: what never was, and what was `staleSeconds` ago and is not done. One replica gets it. */
  async claimRuns(tx: EntityManager, staleSeconds: number): Promise<SweepRun[]> {
    const [runs] = await tx.query<[SweepRun[], number]>(
      `UPDATE sweeps s SET runs = runs + 1, queued_at = app.now()
       WHERE completed_at IS NULL AND (queued_at IS NULL OR queued_at < app.now() - $1 * interval '1 second')
       RETURNING as_of::text AS "asOf", runs AS run,
         (SELECT count(*)::int FROM sweep_shards WHERE as_of = s.as_of) AS shards,
         ARRAY(SELECT shard FROM sweep_shards WHERE as_of = s.as_of AND done_at IS NULL ORDER BY shard) AS open`,
      [staleSeconds],
    );
    return runs;
  }

  async openShards(tx: EntityManager): Promise<number> {
    const [row] = await tx.query<{ open: number }[]>(
      `SELECT count(*)::int AS open FROM sweep_shards JOIN sweeps USING (as_of)
       WHERE completed_at IS NULL AND done_at IS NULL`,
    );
    return row?.open ?? 0;
  }

  /** How many days up to today are not swept whole; none before the first sweep. */
  async daysBehind(tx: EntityManager, today: string): Promise<number> {
    const [row] = await tx.query<{ days: number }[]>(
      `SELECT greatest($1::date - swept_through, 0) AS days FROM sweep_watermark`,
      [today],
    );
    return row?.days ?? 0;
  }

  /**
   * Holds a shard that is not done until the transaction ends, and of those `together` with it what nobody holds; none
   * if it is done. It is waited for: whoever holds it may not live to finish it, and its job would be gone.
   */
  async claimShards(tx: EntityManager, asOf: string, shard: number, together: number[]): Promise<number[]> {
    const own = await tx.query<unknown[]>(
      `SELECT FROM sweep_shards WHERE as_of = $1 AND shard = $2 AND done_at IS NULL FOR UPDATE`,
      [asOf, shard],
    );
    if (own.length === 0) return [];
    const held = await tx.query<{ shard: number }[]>(
      `SELECT shard FROM sweep_shards WHERE as_of = $1 AND shard = ANY ($2) AND done_at IS NULL FOR UPDATE SKIP LOCKED`,
      [asOf, together],
    );
    return held.map((row) => row.shard);
  }

  /** What was opened counts for the first of them. */
  async noteOpened(
    tx: EntityManager,
    { asOf, held, opened, done }: { asOf: string; held: number[]; opened: number; done: boolean },
  ): Promise<void> {
    await tx.query(
      `UPDATE sweep_shards SET opened = opened + CASE WHEN shard = $2[1] THEN $3 ELSE 0 END,
         done_at = CASE WHEN $4 THEN app.now() END
       WHERE as_of = $1 AND shard = ANY ($2::int[])`,
      [asOf, held, opened, done],
    );
  }

  /** Days whose shards are all committed are complete, and the watermark moves over those without a gap before them. */
  async advance(tx: EntityManager): Promise<void> {
    await tx.query(
      `UPDATE sweeps s SET completed_at = app.now()
       WHERE completed_at IS NULL
         AND NOT EXISTS (SELECT FROM sweep_shards WHERE as_of = s.as_of AND done_at IS NULL)`,
    );
    await tx.query(
      `UPDATE sweep_watermark w SET swept_through = reached.day
       FROM (
         SELECT max(as_of) AS day FROM (
           SELECT s.as_of, s.as_of - swept_through AS ahead, row_number() OVER (ORDER BY s.as_of) AS place
           FROM sweeps s, sweep_watermark WHERE s.completed_at IS NOT NULL AND s.as_of > swept_through) days
         WHERE ahead = place) reached
       WHERE reached.day > w.swept_through`,
    );
  }

  async progress(tx: EntityManager, asOf: string): Promise<z.output<typeof Sweep>> {
    const [sweep] = await tx.query<z.output<typeof Sweep>[]>(
      `SELECT s.as_of::text AS "asOf", CASE WHEN s.completed_at IS NULL THEN 'running' ELSE 'completed' END AS state,
         count(*)::int AS shards, count(h.done_at)::int AS "shardsDone", sum(h.opened)::int AS opened
       FROM sweeps s JOIN sweep_shards h USING (as_of) WHERE s.as_of = $1 GROUP BY s.as_of`,
      [asOf],
    );
    return sweep!;
  }
}

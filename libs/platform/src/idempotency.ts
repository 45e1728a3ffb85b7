import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#contracts/errors';
import type { Call } from '#messaging/handles';
import { prepared } from './database.js';

/** The table, for a service's migration. Kept for 24 hours. */
export const idempotencyTable = `
  CREATE TABLE idempotency (
    actor_id uuid NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    result jsonb,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (actor_id, key)
  )`;

interface Kept {
  request_hash: string;
  result: unknown;
}

/** Does a thing once for each `Idempotency-Key` of an actor, however often it is asked for. */
@Injectable()
export class Idempotency {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `effect` in `tx`, or gives what it gave the first time. What it gives is kept as JSON: let it be the ids of
   * what was made, and render them afterwards, under the caller's rights of now.
   * Errors: `rule-violated/idempotency-key-reused` when the key came with another request before: another
   * input, or the same one to another purpose.
   */
  async once<T>(tx: EntityManager, call: Call, request: unknown, effect: () => Promise<T>): Promise<T> {
    if (call.idempotencyKey === undefined) return effect();
    const owner = [call.actor.userId, call.idempotencyKey];
    const hash = createHash('sha256')
      .update(JSON.stringify([call.subject, request]))
      .digest('base64url');

    // A twin that is still at work holds the key; this waits for its outcome.
    const claimed = await prepared(
      tx,
      `INSERT INTO idempotency AS kept (actor_id, key, request_hash) VALUES ($1, $2, $3)
       ON CONFLICT (actor_id, key) DO UPDATE SET request_hash = excluded.request_hash, result = NULL,
         created_at = excluded.created_at
       WHERE kept.created_at < app.now() - interval '24 hours'
       RETURNING 1`,
      [...owner, hash],
    );
    if (claimed.length === 0) {
      const [kept] = await tx.query<Kept[]>(
        `SELECT request_hash, result FROM idempotency WHERE actor_id = $1 AND key = $2`,
        owner,
      );
      if (!kept || kept.request_hash !== hash) throw new AppError('rule-violated', 'idempotency-key-reused');
      return kept.result as T;
    }
    const result = await effect();
    await prepared(tx, `UPDATE idempotency SET result = $3 WHERE actor_id = $1 AND key = $2`, [
      ...owner,
      JSON.stringify(result),
    ]);
    return result;
  }

  @Cron(CronExpression.EVERY_HOUR)
  async forget(): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      // Nobody waits for it, and after a long pause there may be much to delete.
      await tx.query(`SET LOCAL statement_timeout = '60s'`);
      await tx.query(`DELETE FROM idempotency WHERE created_at < app.now() - interval '24 hours'`);
    });
  }
}

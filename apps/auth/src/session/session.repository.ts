import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '#platform/database';
import { Session, type EndReason } from './session.entity.js';
import { idleSince } from './session.rules.js';

export interface KnownToken {
  sessionId: string;
  userId: string;
  generation: number;
}

@Injectable()
export class SessionRepository {
  async insert(tx: EntityManager, session: Session, tokenHash: Buffer): Promise<void> {
    await tx.insert(Session, session);
    await this.addToken(tx, session, tokenHash);
  }

  /** The live token becomes this one. The former ones stay, to be known again. */
  async rotate(tx: EntityManager, session: Session, tokenHash: Buffer): Promise<void> {
    const { id, generation, rotatedAt } = session;
    await tx.update(Session, { id }, { generation, rotatedAt });
    await this.addToken(tx, session, tokenHash);
  }

  async findToken(tx: EntityManager, tokenHash: Buffer): Promise<KnownToken | undefined> {
    const [token] = await tx.query<KnownToken[]>(
      `SELECT t.session_id AS "sessionId", s.user_id AS "userId", t.generation
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1`,
      [tokenHash],
    );
    return token;
  }

  async get(tx: EntityManager, id: string): Promise<Session> {
    return tx.findOneByOrFail(Session, { id });
  }

  /** Whether it lives, and its user may act. */
  async isAlive(tx: EntityManager, id: string, now: Date): Promise<boolean> {
    return (await this.alive(tx, [id], now)).length > 0;
  }

  /** Those that live, and whose users may act. An API token is a session that lives until it is revoked. */
  async alive(tx: EntityManager, ids: string[], now: Date): Promise<string[]> {
    const alive = await prepared<{ id: string }>(
      tx,
      `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > $2 AND s.rotated_at > $3 AND u.active
       UNION ALL
       SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id
       WHERE t.id = ANY ($1::uuid[]) AND t.expires_at > $2 AND u.active`,
      [ids, now, idleSince(now)],
    );
    return alive.map(({ id }) => id);
  }

  /** Ends the user's sessions: one, all but one, or all. Gives the ids of those that it ended. */
  async end(
    tx: EntityManager,
    userId: string,
    which: { only?: string; except?: string },
    reason: EndReason,
    now: Date,
  ): Promise<string[]> {
    const query = tx
      .createQueryBuilder()
      .update(Session)
      .set({ endedAt: now, endReason: reason })
      .where('user_id = :userId AND ended_at IS NULL', { userId })
      .returning('id');
    if (which.only !== undefined) query.andWhere('id = :only', which);
    if (which.except !== undefined) query.andWhere('id <> :except', which);
    const result = await query.execute();
    return (result.raw as { id: string }[]).map(({ id }) => id);
  }

  /** Sessions that ended, by whatever cause, before `before`. Their tokens go with them. */
  async purge(tx: EntityManager, before: Date): Promise<void> {
    await tx.query(`DELETE FROM sessions WHERE ended_at < $1 OR expires_at < $1 OR rotated_at < $2`, [
      before,
      idleSince(before),
    ]);
  }

  private async addToken(tx: EntityManager, { id, generation }: Session, hash: Buffer): Promise<void> {
    await tx.query(`INSERT INTO refresh_tokens (hash, session_id, generation) VALUES ($1, $2, $3)`, [
      hash,
      id,
      generation,
    ]);
  }
}

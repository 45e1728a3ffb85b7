import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { DigestContent, sendDigest } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { ARREARS, arrearsAsOf, arrearsParameters, sumOf } from '../arrears/arrears.sql.js';
import { IN_SCOPE } from '../scope/visible.sql.js';
import { Digest } from './digest.entity.js';

type Job = z.output<typeof sendDigest.data>;
export type DueDigest = Pick<Digest, 'subscriptionId' | 'recipientId' | 'kind' | 'periodStart' | 'periodEnd'>;

@Injectable()
export class DigestRepository {
  /** Notes what is due; what is noted already stays as it is. */
  async note(tx: EntityManager, due: DueDigest[]): Promise<void> {
    await tx.createQueryBuilder().insert().into(Digest).values(due).orIgnore().execute();
  }

  /** What is to be queued now: what never was, or was lost or set back, after ever longer pauses. One replica gets it. */
  async claimDue(tx: EntityManager): Promise<(Job & { id: string })[]> {
    const [rows] = await tx.query<[(Job & { id: string })[], number]>(
      `UPDATE digests SET queued_at = app.now()
       WHERE state IN ('pending', 'sending') AND (lease_until IS NULL OR lease_until < app.now())
         AND (queued_at IS NULL OR queued_at < app.now() - least(60 * 2 ^ tries, 3600) * interval '1 second')
       RETURNING subscription_id AS "subscriptionId", period_start::text AS "periodStart",
         period_end::text AS "periodEnd", 'digest ' || id || ' ' || queued_at AS id`,
    );
    return rows;
  }

  /** Holds it until the transaction ends. */
  async lock(tx: EntityManager, job: Job): Promise<Digest | null> {
    return tx.findOne(Digest, { where: job, lock: { mode: 'pessimistic_write' } });
  }

  async save(tx: EntityManager, digest: Digest): Promise<void> {
    await tx.save(digest);
  }

  async find(tx: EntityManager, id: string): Promise<Digest | null> {
    return tx.findOneBy(Digest, { id });
  }

  /** One's own, the administrator's all; the newest first. */
  async page(tx: EntityManager, actor: Actor, before: unknown, limit: number): Promise<Digest[]> {
    const query = tx.createQueryBuilder(Digest, 'd').orderBy('d.id', 'DESC').take(limit);
    if (actor.role !== 'administrator') query.andWhere('d.recipientId = :id', { id: actor.userId });
    if (before !== undefined) query.andWhere('d.id < :before', { before });
    return query.getMany();
  }

  /**
   * The digest before it: to the same recipient, of the same kind, and if `length` is given over as many days. The latest
   * one still has its balances; without any, nothing was owed.
   */
  async previousId(
    tx: EntityManager,
    { recipientId, kind, before, length }: { recipientId: string; kind: string; before: string; length?: number },
  ): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }[]>(
      `SELECT id FROM digests d
       WHERE recipient_id = $1 AND kind = $2 AND content IS NOT NULL AND period_end < $3::date
         AND ($4::int IS NULL OR period_end - period_start = $4)
       ORDER BY period_end DESC, id DESC LIMIT 1`,
      [recipientId, kind, before, length ?? null],
    );
    return row?.id;
  }

  /** With what each purchase owes, for the next digest; what was kept for earlier ones has served its turn. */
  async keepContent(tx: EntityManager, digest: Digest, content: DigestContent, scope: Scope): Promise<void> {
    await tx.query(`UPDATE digests SET content = $2 WHERE id = $1`, [digest.id, JSON.stringify(content)]);
    await tx.query(
      `INSERT INTO digest_balances (digest_id, purchase_id, balance)
       SELECT $5::uuid, purchase_id, balance FROM (${ARREARS}) arrears`,
      [...arrearsParameters(scope, digest.periodEnd), digest.id],
    );
    await tx.query(
      `DELETE FROM digest_balances b USING digests d
       WHERE b.digest_id = d.id AND d.recipient_id = $1 AND d.kind = $2 AND d.period_end < $3::date
         AND d.period_end - d.period_start = $3::date - $4::date`,
      [digest.recipientId, digest.kind, digest.periodEnd, digest.periodStart],
    );
  }

  /**
   * New in arrears, no longer so, and with a larger balance: compared with what a digest has kept, or, when there is
   * none, with the balances as of the day `since`. Only purchases that are in the scope now count on either side, so
   * that a customer who was handed on is not taken for one who has paid.
   */
  async changes(
    tx: EntityManager,
    scope: Scope,
    asOf: string,
    { digestId, since }: { digestId?: string; since: string },
  ): Promise<DigestContent['changes']> {
    const kept = `
      SELECT b.purchase_id, b.balance FROM digest_balances b
      JOIN charges c USING (purchase_id) JOIN customers k ON k.id = c.customer_id
      WHERE b.digest_id = $5 AND ${IN_SCOPE}`;
    const before = digestId ? kept : `SELECT purchase_id, balance FROM (${arrearsAsOf('$5::date')}) arrears`;
    const part = (amount: string, filter: string) =>
      `jsonb_build_object('count', count(*) FILTER (WHERE ${filter}), 'amount', ${sumOf(amount, filter)})`;
    const [changes] = await tx.query<DigestContent['changes'][]>(
      `SELECT ${part('n.balance', 'b.purchase_id IS NULL')} AS new,
         ${part('b.balance', 'n.purchase_id IS NULL')} AS cured,
         ${part('n.balance - b.balance', 'n.balance > b.balance')} AS worse
       FROM (SELECT purchase_id, balance FROM (${ARREARS}) arrears) n
       FULL JOIN (${before}) b USING (purchase_id)`,
      [...arrearsParameters(scope, asOf), digestId ?? since],
    );
    return changes!;
  }

  async topDebtors(tx: EntityManager, scope: Scope, asOf: string, most: number): Promise<DigestContent['topDebtors']> {
    return tx.query<DigestContent['topDebtors']>(
      `SELECT customer_id AS "customerId", customer_name AS "customerName", owner_id AS "ownerId",
         ${sumOf('balance')} AS balance, count(*)::int AS purchases
       FROM (${ARREARS}) arrears GROUP BY customer_id, customer_name, owner_id
       ORDER BY sum(balance) DESC, customer_id LIMIT $5`,
      [...arrearsParameters(scope, asOf), most],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '#contracts/context';
import { DigestSubscription } from './digest-subscription.entity.js';

@Injectable()
export class DigestSubscriptionRepository {
  async find(tx: EntityManager, id: string): Promise<DigestSubscription | null> {
    return tx.findOneBy(DigestSubscription, { id });
  }

  async add(tx: EntityManager, wanted: Omit<DigestSubscription, 'id' | 'createdAt' | 'duePeriod' | 'belongsTo'>) {
    return tx.save(tx.create(DigestSubscription, wanted));
  }

  async remove(tx: EntityManager, subscription: DigestSubscription): Promise<void> {
    await tx.remove(subscription);
  }

  /** One's own, the administrator's all; the oldest first. */
  async page(tx: EntityManager, actor: Actor, after: unknown, limit: number): Promise<DigestSubscription[]> {
    const query = tx.createQueryBuilder(DigestSubscription, 's').orderBy('s.id').take(limit);
    if (actor.role !== 'administrator') query.andWhere('s.userId = :userId', { userId: actor.userId });
    if (after !== undefined) query.andWhere('s.id > :after', { after });
    return query.getMany();
  }

  /** Those of users who are not disabled. */
  async allActive(tx: EntityManager): Promise<DigestSubscription[]> {
    return tx
      .createQueryBuilder(DigestSubscription, 's')
      .where('EXISTS (SELECT FROM users u WHERE u.id = s.user_id AND u.active)')
      .getMany();
  }
}

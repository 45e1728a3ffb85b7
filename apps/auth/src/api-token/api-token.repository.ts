import { Injectable } from '@nestjs/common';
import { LessThanOrEqual, type EntityManager } from 'typeorm';
import { ApiToken } from './api-token.entity.js';

@Injectable()
export class ApiTokenRepository {
  async insert(tx: EntityManager, token: ApiToken): Promise<void> {
    await tx.insert(ApiToken, token);
  }

  async findByHash(tx: EntityManager, hash: Buffer): Promise<ApiToken | null> {
    return tx.findOneBy(ApiToken, { hash });
  }

  /** Of this user alone. */
  async find(tx: EntityManager, userId: string, id: string): Promise<ApiToken | null> {
    return tx.findOneBy(ApiToken, { id, userId });
  }

  /** The newest first. */
  async ofUser(tx: EntityManager, userId: string): Promise<ApiToken[]> {
    return tx.find(ApiToken, { where: { userId }, order: { id: 'DESC' } });
  }

  async count(tx: EntityManager, userId: string): Promise<number> {
    return tx.countBy(ApiToken, { userId });
  }

  async deleteExpired(tx: EntityManager, userId: string, now: Date): Promise<void> {
    await tx.delete(ApiToken, { userId, expiresAt: LessThanOrEqual(now) });
  }

  async noteUse(tx: EntityManager, id: string, at: Date): Promise<void> {
    await tx.update(ApiToken, { id }, { lastUsedAt: at });
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(ApiToken, { id });
  }
}

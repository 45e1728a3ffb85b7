import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { SigningKey } from './signing-key.entity.js';

@Injectable()
export class SigningKeyRepository {
  /** They are few: a new one now and then, and the old ones go. */
  async all(tx: EntityManager): Promise<SigningKey[]> {
    return tx.find(SigningKey);
  }

  /** One at a time makes a key. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('auth signing keys', 0))`);
  }

  async insert(tx: EntityManager, key: SigningKey): Promise<void> {
    await tx.insert(SigningKey, key);
  }

  async delete(tx: EntityManager, kids: string[]): Promise<void> {
    await tx.delete(SigningKey, { kid: In(kids) });
  }
}

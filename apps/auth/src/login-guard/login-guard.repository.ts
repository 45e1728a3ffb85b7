import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Counter } from './login-guard.rules.js';

interface Row {
  key: string;
  failures: number;
  last_at: Date;
}

/** Keys are digests: a password typed into the wrong field, or an address, is not to be read here. */
@Injectable()
export class LoginGuardRepository {
  /** Holds the counters, in the order of their keys, until the transaction ends. */
  async lock(tx: EntityManager, keys: string[], now: Date): Promise<Map<string, Counter>> {
    const sorted = keys.toSorted();
    await tx.query(
      `INSERT INTO login_counters (key, failures, last_at) SELECT key, 0, $2 FROM unnest($1::text[]) AS key
       ON CONFLICT DO NOTHING`,
      [sorted, now],
    );
    const rows = await tx.query<Row[]>(
      `SELECT key, failures, last_at FROM login_counters WHERE key = ANY ($1) ORDER BY key FOR UPDATE`,
      [sorted],
    );
    return new Map(rows.map(({ key, failures, last_at }) => [key, { failures, lastAt: last_at }]));
  }

  async write(tx: EntityManager, key: string, { failures, lastAt }: Counter): Promise<void> {
    await tx.query(`UPDATE login_counters SET failures = $2, last_at = $3 WHERE key = $1`, [key, failures, lastAt]);
  }

  async isKnown(tx: EntityManager, account: string, address: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`SELECT 1 FROM known_addresses WHERE account = $1 AND address = $2`, [
      account,
      address,
    ]);
    return rows.length > 0;
  }

  async remember(tx: EntityManager, account: string, address: string, now: Date): Promise<void> {
    await tx.query(
      `INSERT INTO known_addresses (account, address, last_at) VALUES ($1, $2, $3)
       ON CONFLICT (account, address) DO UPDATE SET last_at = excluded.last_at`,
      [account, address, now],
    );
  }

  async purge(tx: EntityManager, countersBefore: Date, addressesBefore: Date): Promise<void> {
    await tx.query(`DELETE FROM login_counters WHERE last_at < $1`, [countersBefore]);
    await tx.query(`DELETE FROM known_addresses WHERE last_at < $1`, [addressesBefore]);
  }
}

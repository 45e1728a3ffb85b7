import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Customer } from '../customer/customer.entity.js';
import { CustomerStatus } from './status.entity.js';

const CHUNK = 500;

@Injectable()
export class StatusRepository {
  /** There is a handful of them, and each change may concern several: one change at a time. */
  async hold(tx: EntityManager): Promise<CustomerStatus[]> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('customer statuses'))`);
    return this.all(tx);
  }

  async all(tx: EntityManager): Promise<CustomerStatus[]> {
    return tx.find(CustomerStatus, { order: { position: 'ASC', id: 'ASC' } });
  }

  /** Keeps the status from being deleted until the transaction ends. */
  async keep(tx: EntityManager, id: string | undefined): Promise<string | undefined> {
    const [status] = await tx.query<{ id: string }[]>(
      `SELECT id FROM customer_statuses WHERE CASE WHEN $1::uuid IS NULL THEN is_default ELSE id = $1 END FOR KEY SHARE`,
      [id ?? null],
    );
    return status?.id;
  }

  /** All of them, kept from being deleted until the transaction ends. */
  async keepAll(tx: EntityManager): Promise<CustomerStatus[]> {
    return tx.find(CustomerStatus, { order: { position: 'ASC' }, lock: { mode: 'for_key_share' } });
  }

  async insert(tx: EntityManager, status: CustomerStatus): Promise<void> {
    await tx.insert(CustomerStatus, status);
  }

  /** Errors: the unique name. */
  async save(tx: EntityManager, { id, version, ...state }: CustomerStatus): Promise<void> {
    await tx.update(CustomerStatus, { id, version }, { ...state, version: version + 1 });
  }

  async clearDefault(tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE customer_statuses SET is_default = false, version = version + 1 WHERE is_default`);
  }

  /** Gives each its place in the order named. */
  async arrange(tx: EntityManager, ids: string[]): Promise<void> {
    await tx.query(
      `UPDATE customer_statuses s SET position = place - 1, version = version + 1
       FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
       WHERE s.id = wanted.id AND s.position <> place - 1`,
      [ids],
    );
  }

  /** Waits for customers that are just getting the status, and keeps others from it. */
  async lock(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`SELECT FROM customer_statuses WHERE id = $1 FOR UPDATE`, [id]);
  }

  async isInUse(tx: EntityManager, id: string): Promise<boolean> {
    const used = await tx.query<unknown[]>(
      `SELECT FROM customers WHERE status_id = $1 AND deleted_at IS NULL LIMIT 1`,
      [id],
    );
    return used.length > 0;
  }

  /** Moves every customer, deleted ones too, from one status to another; gives them, some at a time. */
  async *moveCustomers(tx: EntityManager, from: string, to: string): AsyncIterable<Customer[]> {
    // As many as there are: an administrator may wait longer for it than for a page.
    await tx.query(`SET LOCAL statement_timeout = '60s'`);
    const [moved] = await tx.query<[{ id: string }[], number]>(
      `UPDATE customers SET status_id = $2, version = version + 1, updated_at = app.now()
       WHERE status_id = $1 RETURNING id`,
      [from, to],
    );
    for (let start = 0; start < moved.length; start += CHUNK) {
      yield tx.findBy(Customer, { id: In(moved.slice(start, start + CHUNK).map(({ id }) => id)) });
    }
  }

  async makeDefault(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`UPDATE customer_statuses SET is_default = true, version = version + 1 WHERE id = $1`, [id]);
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(CustomerStatus, { id });
  }
}

import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Payment } from './payment.entity.js';

interface Find {
  purchaseId: string;
  /** Only those behind this entry. */
  after?: { paidOn: string; id: string };
  limit: number;
}

@Injectable()
export class PaymentRepository {
  /** The latest first. */
  async find(tx: EntityManager, { purchaseId, after, limit }: Find): Promise<Payment[]> {
    const query = tx
      .createQueryBuilder(Payment, 'p')
      .where('p.purchaseId = :purchaseId', { purchaseId })
      .orderBy({ 'p.paidOn': 'DESC', 'p.id': 'DESC' })
      .limit(limit);
    if (after) query.andWhere('(p.paidOn, p.id) < (:paidOn, :id)', after);
    return query.getMany();
  }

  async get(tx: EntityManager, purchaseId: string, id: string): Promise<Payment | null> {
    return tx.findOneBy(Payment, { id, purchaseId });
  }

  async isReversed(tx: EntityManager, id: string): Promise<boolean> {
    return tx.existsBy(Payment, { reversesId: id });
  }

  async ofRefs(tx: EntityManager, refs: string[]): Promise<Payment[]> {
    return tx.findBy(Payment, { ref: In(refs) });
  }

  /** In the order of their ids, behind `after`, with whose they are. */
  async page(
    tx: EntityManager,
    after: string | undefined,
    limit: number,
  ): Promise<{ payment: Payment; customerId: string }[]> {
    const query = tx.createQueryBuilder(Payment, 'p').orderBy('p.id').limit(limit);
    if (after !== undefined) query.where('p.id > :after', { after });
    const payments = await query.getMany();
    const rows = await tx.query<{ id: string; customerId: string }[]>(
      `SELECT id, customer_id AS "customerId" FROM purchases WHERE id = ANY ($1)`,
      [payments.map(({ purchaseId }) => purchaseId)],
    );
    const customers = new Map(rows.map(({ id, customerId }) => [id, customerId]));
    return payments.map((payment) => ({ payment, customerId: customers.get(payment.purchaseId) ?? '' }));
  }

  /** All in one statement. The database adds them to what is paid of their purchases. */
  async insert(tx: EntityManager, payments: Payment[]): Promise<void> {
    if (payments.length === 0) return;
    const columns = `id, purchase_id, amount, paid_on, method, reference, note, reverses_id, ref, recorded_by_id, created_at`;
    const rows = payments.map((p) => ({
      ...{ id: p.id, purchase_id: p.purchaseId, amount: p.amount, paid_on: p.paidOn, method: p.method },
      ...{ reference: p.reference, note: p.note, reverses_id: p.reversesId, ref: p.ref },
      ...{ recorded_by_id: p.recordedById, created_at: p.createdAt },
    }));
    await tx.query(
      `INSERT INTO payments (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::payments, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
}

import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Purchase } from './purchase.entity.js';

interface Find {
  customerId: string;
  inArrears?: boolean;
  includeVoided?: boolean;
  /** Only those behind this sale. */
  after?: { soldOn: string; id: string };
  limit: number;
}

@Injectable()
export class PurchaseRepository {
  /** The latest sale first. */
  async find(tx: EntityManager, { customerId, inArrears, includeVoided, after, limit }: Find): Promise<Purchase[]> {
    const query = tx
      .createQueryBuilder(Purchase, 'p')
      .where('p.customerId = :customerId', { customerId })
      .orderBy({ 'p.soldOn': 'DESC', 'p.id': 'DESC' })
      .limit(limit);
    if (!includeVoided) query.andWhere('p.voidedOn IS NULL');
    if (inArrears !== undefined) {
      query.andWhere(
        inArrears ? 'p.paid < p.payable AND p.voidedOn IS NULL' : 'NOT (p.paid < p.payable AND p.voidedOn IS NULL)',
      );
    }
    if (after) query.andWhere('(p.soldOn, p.id) < (:soldOn, :id)', after);
    return query.getMany();
  }

  async get(tx: EntityManager, customerId: string, id: string): Promise<Purchase | null> {
    return tx.findOneBy(Purchase, { id, customerId });
  }

  /** Whoever changes a purchase or books money on it holds it first: so two payments are judged one after the other. */
  async lock(tx: EntityManager, customerId: string, id: string): Promise<Purchase | null> {
    return tx.findOne(Purchase, { where: { id, customerId }, lock: { mode: 'pessimistic_write' } });
  }

  async ofIds(tx: EntityManager, ids: string[]): Promise<Purchase[]> {
    return tx.findBy(Purchase, { id: In(ids) });
  }

  async ofRefs(tx: EntityManager, refs: string[]): Promise<Purchase[]> {
    return tx.findBy(Purchase, { ref: In(refs) });
  }

  /** Held, in one order, so that two who hold several wait for each other and not in a circle. */
  async lockRefs(tx: EntityManager, refs: string[]): Promise<Purchase[]> {
    return tx.find(Purchase, { where: { ref: In(refs) }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** In the order of their ids, behind `after`. */
  async page(tx: EntityManager, after: string | undefined, limit: number): Promise<Purchase[]> {
    const query = tx.createQueryBuilder(Purchase, 'p').orderBy('p.id').limit(limit);
    if (after !== undefined) query.where('p.id > :after', { after });
    return query.getMany();
  }

  /** All in one statement. `paid` is not written: the database adds the ledger up. */
  async insert(tx: EntityManager, purchases: Purchase[]): Promise<void> {
    if (purchases.length === 0) return;
    const columns = [...WRITTEN_ONCE, ...WRITTEN].join(', ');
    await tx.query(
      `INSERT INTO purchases (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::purchases, $1::jsonb)`,
      [JSON.stringify(purchases.map(rowOf))],
    );
  }

  /** Each version was raised by one since it was read. Gives the ids of those that someone else had changed meanwhile. */
  async save(tx: EntityManager, purchases: Purchase[]): Promise<string[]> {
    if (purchases.length === 0) return [];
    const [saved] = await tx.query<[{ id: string }[], number]>(
      `UPDATE purchases p SET ${WRITTEN.map((column) => `${column} = n.${column}`).join(', ')}
       FROM jsonb_populate_recordset(NULL::purchases, $1::jsonb) n
       WHERE p.id = n.id AND p.version = n.version - 1
       RETURNING p.id`,
      [JSON.stringify(purchases.map(rowOf))],
    );
    const ids = new Set(saved.map(({ id }) => id));
    return purchases.flatMap(({ id }) => (ids.has(id) ? [] : id));
  }
}

const rowOf = (p: Purchase) => ({
  ...{ id: p.id, customer_id: p.customerId, sold_by_id: p.soldById, ref: p.ref, created_at: p.createdAt },
  ...{ product_id: p.productId, product_code: p.productCode, product_name: p.productName, unit: p.unit },
  ...{ quantity: p.quantity, guide_price: p.guidePrice, unit_price: p.unitPrice, payable: p.payable },
  ...{ sold_on: p.soldOn, due_on: p.dueOn, annual_fee: p.annualFee, service_ends_on: p.serviceEndsOn },
  ...{ service_anchor_on: p.serviceAnchorOn, service_months: p.serviceMonths, renews_id: p.renewsId },
  ...{ remind: p.remind, voided_on: p.voidedOn, void_reason: p.voidReason },
  ...{ updated_at: p.updatedAt, version: p.version },
});
type Column = keyof ReturnType<typeof rowOf>;
const WRITTEN_ONCE: Column[] = ['id', 'customer_id', 'sold_by_id', 'renews_id', 'ref', 'created_at'];
// prettier-ignore
const WRITTEN: Column[] = [
  'product_id', 'product_code', 'product_name', 'unit', 'quantity', 'guide_price', 'unit_price', 'payable',
  'sold_on', 'due_on', 'annual_fee', 'service_ends_on', 'service_anchor_on', 'service_months', 'remind',
  'voided_on', 'void_reason', 'updated_at', 'version',
];

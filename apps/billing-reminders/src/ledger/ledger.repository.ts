import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LedgerPurchase } from '#contracts/ledger';
import type { Scope } from '#contracts/context';
import { IN_SCOPE, scopeParameters } from '../scope/visible.sql.js';

export type LedgerRow = Omit<LedgerPurchase, 'annualFee' | 'serviceEndsOn'> & {
  annualFee: string | null;
  serviceEndsOn: string | null;
};
export interface LedgerFilter {
  customerId?: string;
  ownerId?: string;
  soldFrom?: string;
  soldTo?: string;
  inArrears?: boolean;
  /** Folded. */
  text?: string;
}

@Injectable()
export class LedgerRepository {
  /** Those sold last first. */
  async page(
    tx: EntityManager,
    scope: Scope,
    { after, limit, ...filter }: LedgerFilter & { after?: unknown[]; limit: number },
  ): Promise<LedgerRow[]> {
    return tx.query<LedgerRow[]>(
      `SELECT c.purchase_id AS "purchaseId", c.customer_id AS "customerId", k.name AS "customerName",
         k.owner_id AS "ownerId", c.product_name AS "productName", c.payable::text, c.paid::text,
         (c.payable - c.paid)::text AS balance, c.paid < c.payable AS "inArrears", c.sold_on::text AS "soldOn",
         c.due_on::text AS "dueOn", c.annual_fee::text AS "annualFee", c.service_ends_on::text AS "serviceEndsOn",
         c.remind
       FROM charges c JOIN customers k ON k.id = c.customer_id
       WHERE c.voided_on IS NULL AND ${IN_SCOPE}
         AND ($4::uuid IS NULL OR c.customer_id = $4) AND ($5::uuid IS NULL OR k.owner_id = $5)
         AND ($6::date IS NULL OR c.sold_on >= $6) AND ($7::date IS NULL OR c.sold_on <= $7)
         AND ($8::boolean IS NULL OR (c.paid < c.payable) = $8)
         AND ($9::text IS NULL OR strpos(k.folded_name, $9) > 0 OR strpos(c.folded_product, $9) > 0)
         AND ($10::date IS NULL OR (c.sold_on, c.purchase_id) < ($10, $11::uuid))
       ORDER BY c.sold_on DESC, c.purchase_id DESC LIMIT $12`,
      [
        ...scopeParameters(scope),
        filter.customerId ?? null,
        filter.ownerId ?? null,
        filter.soldFrom ?? null,
        filter.soldTo ?? null,
        filter.inArrears ?? null,
        filter.text ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
    );
  }
}

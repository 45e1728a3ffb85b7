import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { LastPrice } from '#contracts/quotes';

@Injectable()
export class LastPriceRepository {
  /** Of each product that this customer ever bought or was quoted: the latest, and of one day the one entered last. */
  async find(tx: EntityManager, customerId: string, productIds: string[]): Promise<z.output<typeof LastPrice>[]> {
    return tx.query(
      `SELECT DISTINCT ON (product_id) product_id AS "productId", unit_price::text AS "unitPrice", day::text AS "on", source
       FROM (
         SELECT product_id, unit_price, sold_on AS day, created_at, 'purchase' AS source FROM purchases
         WHERE customer_id = $1 AND product_id = ANY ($2) AND voided_on IS NULL AND renews_id IS NULL
         UNION ALL
         SELECT l.product_id, l.unit_price, q.quoted_on, q.created_at, 'quote'
         FROM quotes q JOIN quote_lines l ON l.quote_id = q.id
         WHERE q.customer_id = $1 AND l.product_id = ANY ($2) AND q.deleted_at IS NULL) given
       ORDER BY product_id, day DESC, created_at DESC, unit_price`,
      [customerId, productIds],
    );
  }
}

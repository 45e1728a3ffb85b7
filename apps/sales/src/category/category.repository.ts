import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TreeRepository } from '#platform/tree';
import { ProductCategory } from './category.entity.js';

@Injectable()
export class CategoryRepository extends TreeRepository<ProductCategory> {
  constructor() {
    super(ProductCategory, 'product_categories');
  }

  /** The whole tree, siblings in their order. */
  async all(tx: EntityManager): Promise<ProductCategory[]> {
    return tx.find(ProductCategory, { order: { position: 'ASC', name: 'ASC', id: 'ASC' } });
  }

  async isUsed(tx: EntityManager, id: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `SELECT FROM product_categories WHERE parent_id = $1 UNION ALL SELECT FROM products WHERE category_id = $1 LIMIT 1`,
      [id],
    );
    return found.length > 0;
  }
}

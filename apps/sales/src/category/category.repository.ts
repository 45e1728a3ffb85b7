import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { ProductCategory } from './category.entity.js';

@Injectable()
export class CategoryRepository {
  /** The whole tree, siblings in their order. */
  async all(tx: EntityManager): Promise<ProductCategory[]> {
    return tx.find(ProductCategory, { order: { position: 'ASC', name: 'ASC', id: 'ASC' } });
  }

  async find(tx: EntityManager, id: string): Promise<ProductCategory | null> {
    return tx.findOneBy(ProductCategory, { id });
  }

  async findByName(tx: EntityManager, parentId: string | null, nameFolded: string): Promise<ProductCategory | null> {
    return tx.findOneBy(ProductCategory, { parentId: parentId ?? IsNull(), nameFolded });
  }

  /** One change of the tree at a time: two moves that are right by themselves could make a circle. */
  async lockTree(tx: EntityManager): Promise<void> {
    await tx.query(`LOCK TABLE product_categories IN SHARE ROW EXCLUSIVE MODE`);
  }

  /** The place behind the last one below this parent. */
  async nextPosition(tx: EntityManager, parentId: string | null): Promise<number> {
    const [{ next }] = await tx.query<[{ next: number }]>(
      `SELECT coalesce(max(position) + 1, 0) AS next FROM product_categories WHERE parent_id IS NOT DISTINCT FROM $1`,
      [parentId],
    );
    return next;
  }

  /** The others from this place on move one further. */
  async makeRoom(tx: EntityManager, { id, parentId, position }: ProductCategory): Promise<void> {
    await tx.query(
      `UPDATE product_categories SET position = position + 1
       WHERE parent_id IS NOT DISTINCT FROM $1 AND position >= $2 AND id <> $3`,
      [parentId, position, id],
    );
  }

  /** Whether `id` is `below` itself, or stands above it. */
  async isAtOrAbove(tx: EntityManager, id: string, below: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `WITH RECURSIVE path AS (
         SELECT id, parent_id FROM product_categories WHERE id = $2
         UNION SELECT c.id, c.parent_id FROM product_categories c JOIN path ON c.id = path.parent_id
       )
       SELECT FROM path WHERE id = $1`,
      [id, below],
    );
    return found.length > 0;
  }

  async isUsed(tx: EntityManager, id: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `SELECT FROM product_categories WHERE parent_id = $1 UNION ALL SELECT FROM products WHERE category_id = $1 LIMIT 1`,
      [id],
    );
    return found.length > 0;
  }

  async insert(tx: EntityManager, category: ProductCategory): Promise<void> {
    await tx.insert(ProductCategory, category);
  }

  /** The version was raised by one since it was read. Tells whether nobody else was faster. */
  async save(tx: EntityManager, { id, ...columns }: ProductCategory): Promise<boolean> {
    const { affected } = await tx.update(ProductCategory, { id, version: columns.version - 1 }, columns);
    return affected === 1;
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(ProductCategory, { id });
  }
}

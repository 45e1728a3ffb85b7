import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Product } from './product.entity.js';

export type ListedProduct = Product & { categoryName: string | null };

interface Find {
  /** With everything below it. */
  categoryId?: string;
  /** Folded words: each stands in the code or the name. */
  words?: string[];
  active?: boolean;
  /** Only those behind this folded code. */
  after?: string;
  limit: number;
}

@Injectable()
export class ProductRepository {
  /** In the order of their folded codes. */
  async find(tx: EntityManager, { categoryId, words = [], active, after, limit }: Find): Promise<ListedProduct[]> {
    const query = tx.createQueryBuilder(Product, 'p').orderBy('p.codeFolded').limit(limit);
    if (categoryId !== undefined) {
      query.andWhere(
        `p.categoryId IN (
           WITH RECURSIVE below AS (
             SELECT id FROM product_categories WHERE id = :categoryId
             UNION SELECT c.id FROM product_categories c JOIN below ON c.parent_id = below.id
           ) SELECT id FROM below)`,
        { categoryId },
      );
    }
    if (words.length > 0) {
      const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
      query.andWhere('p.search LIKE ALL (:patterns)', { patterns });
    }
    if (active !== undefined) query.andWhere('p.active = :active', { active });
    if (after !== undefined) query.andWhere('p.codeFolded > :after', { after });
    return this.withCategories(tx, await query.getMany());
  }

  async get(tx: EntityManager, id: string): Promise<ListedProduct | undefined> {
    return (await this.withCategories(tx, await tx.findBy(Product, { id })))[0];
  }

  async lock(tx: EntityManager, id: string): Promise<Product | null> {
    return tx.findOne(Product, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Held against deletion, so that they can be sold. */
  async forSale(tx: EntityManager, by: { ids: string[] } | { codesFolded: string[] }): Promise<Product[]> {
    const where = 'ids' in by ? { id: In(by.ids) } : { codeFolded: In(by.codesFolded) };
    return tx.find(Product, { where, order: { id: 'ASC' }, lock: { mode: 'for_key_share' } });
  }

  async lockByCodes(tx: EntityManager, codesFolded: string[]): Promise<Product[]> {
    const where = { codeFolded: In(codesFolded) };
    return tx.find(Product, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** Whether it was ever sold or quoted. */
  async isUsed(tx: EntityManager, id: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `(SELECT FROM purchases WHERE product_id = $1 LIMIT 1)
       UNION ALL (SELECT FROM quote_lines WHERE product_id = $1 LIMIT 1)`,
      [id],
    );
    return found.length > 0;
  }

  async insert(tx: EntityManager, products: Product[]): Promise<void> {
    if (products.length > 0) await tx.insert(Product, products);
  }

  /** The version was raised by one since it was read. Tells whether nobody else was faster. */
  async save(tx: EntityManager, { id, createdAt: _kept, ...columns }: Product): Promise<boolean> {
    const { affected } = await tx.update(Product, { id, version: columns.version - 1 }, columns);
    return affected === 1;
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(Product, { id });
  }

  private async withCategories(tx: EntityManager, products: Product[]): Promise<ListedProduct[]> {
    const ids = products.flatMap(({ categoryId }) => categoryId ?? []);
    const rows = await tx.query<{ id: string; name: string }[]>(
      `SELECT id, name FROM product_categories WHERE id = ANY ($1)`,
      [ids],
    );
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return products.map((product) =>
      Object.assign(product, { categoryName: names.get(product.categoryId ?? '') ?? null }),
    );
  }
}

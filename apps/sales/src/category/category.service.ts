import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AppError, notFound, staleVersion } from '#contracts/errors';
import type * as sales from '#contracts/sales';
import { fold } from '#text/fold';
import type { Call } from '#messaging/handles';
import { violatedConstraint } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { assertRole } from '#platform/rights';
import { invalidField, ruleViolated } from '../faults.js';
import { ProductCategory } from './category.entity.js';
import { CategoryRepository } from './category.repository.js';

type View = z.output<typeof sales.ProductCategory>;

@Injectable()
export class CategoryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly categories: CategoryRepository,
    private readonly idempotency: Idempotency,
  ) {}

  async list(call: Call): Promise<{ items: View[]; nextCursor: null }> {
    assertRole(call, 'products.read');
    return { items: (await this.categories.all(this.dataSource.manager)).map(viewOf), nextCursor: null };
  }

  /** Errors: `conflict/name-taken` below the same parent; `invalid/validation` for a parent that is not there. */
  async create(call: Call, input: z.output<typeof sales.NewProductCategory>): Promise<View> {
    assertRole(call, 'products.manage');
    return this.changing(async (tx) => {
      const id = await this.idempotency.once(tx, call, ['category', input], async () => {
        const parentId = await this.parent(tx, input.parentId ?? null);
        return (await this.add(tx, input.name, parentId)).id;
      });
      return viewOf(await this.known(tx, id));
    });
  }

  /** Errors: `conflict/name-taken`; `rule-violated/category-cycle` for a place below itself. */
  async update(call: Call, { categoryId, patch }: z.output<typeof sales.updateProductCategory.input>): Promise<View> {
    assertRole(call, 'products.manage');
    return this.changing(async (tx) => {
      const category = await this.asExpected(tx, call, categoryId);
      const parentId = patch.parentId && (await this.parent(tx, patch.parentId));
      if (parentId && (await this.categories.isAtOrAbove(tx, categoryId, parentId))) {
        throw ruleViolated('category-cycle', '/parentId', 'A category does not come below itself');
      }
      const moved = parentId !== undefined && parentId !== category.parentId;
      const position = patch.position ?? (moved ? await this.categories.nextPosition(tx, parentId) : undefined);
      category.arrange({ name: patch.name, parentId, position });
      if (patch.position !== undefined) await this.categories.makeRoom(tx, category);
      if (!(await this.categories.save(tx, category))) throw staleVersion(viewOf(await this.known(tx, categoryId)));
      return viewOf(category);
    });
  }

  /** Errors: `rule-violated/category-in-use` while it holds products or categories. */
  async delete(call: Call, categoryId: string): Promise<Record<string, never>> {
    assertRole(call, 'products.manage');
    return this.changing(async (tx) => {
      await this.asExpected(tx, call, categoryId);
      if (await this.categories.isUsed(tx, categoryId)) throw new AppError('rule-violated', 'category-in-use');
      await this.categories.delete(tx, categoryId);
      return {};
    });
  }

  /** Errors: `invalid/validation` at `/categoryId`. */
  async assertExists(tx: EntityManager, categoryId: string): Promise<void> {
    if (await this.categories.find(tx, categoryId)) return;
    throw invalidField('/categoryId', 'unknown-category', 'There is no such category');
  }

  /** The category at the end of the names, from the top; what is missing is created. */
  async ensurePath(tx: EntityManager, names: readonly string[]): Promise<string | null> {
    let parentId: string | null = null;
    for (const name of names) {
      const known: ProductCategory | null = await this.categories.findByName(tx, parentId, fold(name));
      parentId = (known ?? (await this.add(tx, name, parentId))).id;
    }
    return parentId;
  }

  private async add(tx: EntityManager, name: string, parentId: string | null): Promise<ProductCategory> {
    const position = await this.categories.nextPosition(tx, parentId);
    const category = ProductCategory.create(uuidv7(), name, parentId, position);
    await this.categories.insert(tx, category);
    return category;
  }

  private async parent(tx: EntityManager, id: string | null): Promise<string | null> {
    if (id !== null && !(await this.categories.find(tx, id))) {
      throw invalidField('/parentId', 'unknown-category', 'There is no such category');
    }
    return id;
  }

  private async known(tx: EntityManager, id: string): Promise<ProductCategory> {
    const category = await this.categories.find(tx, id);
    if (!category) throw notFound();
    return category;
  }

  private async asExpected(tx: EntityManager, { ifMatch }: Call, id: string): Promise<ProductCategory> {
    const category = await this.known(tx, id);
    if (typeof ifMatch === 'number' && ifMatch !== category.version) throw staleVersion(viewOf(category));
    return category;
  }

  private async changing<T>(act: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(async (tx) => {
        await this.categories.lockTree(tx);
        return act(tx);
      });
    } catch (error) {
      if (violatedConstraint(error) === 'product_categories_name') throw new AppError('conflict', 'name-taken');
      throw error;
    }
  }
}

const viewOf = ({ id, name, parentId, position, version }: ProductCategory): View => ({
  id,
  name,
  parentId: parentId ?? undefined,
  position,
  version,
});

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { AppError, notFound, staleVersion } from '#contracts/errors';
import type * as sales from '#contracts/sales';
import { fold } from '#text/fold';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byText, decodeCursor, pageOf } from '#platform/cursor';
import { violatedConstraint } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { assertRole } from '#platform/rights';
import { CategoryService } from '../category/category.service.js';
import { Product } from './product.entity.js';
import { ProductRepository } from './product.repository.js';
import { changeOf, viewOf } from './product.view.js';

const LEFT_OUT = { categoryId: null, annualFee: null, serviceMonths: null, serviceFeeLead: null, active: true };

@Injectable()
export class ProductService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly products: ProductRepository,
    private readonly categories: CategoryService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(call: Call, query: z.output<typeof sales.ProductQuery>): Promise<Page<sales.Product>> {
    assertRole(call, 'products.read');
    const { categoryId, q, active, limit } = query;
    const binding = { actorId: call.actor.userId, filter: query };
    const [after] = decodeCursor(binding, query.cursor, byText) ?? [];
    const words = q === undefined ? [] : fold(q).split(/\s+/u);
    const found = { categoryId, words, active, after: after, limit: limit + 1 };
    const rows = await this.products.find(this.dataSource.manager, found);
    const page = pageOf(rows, limit, binding, ({ codeFolded }) => [codeFolded]);
    return { ...page, items: page.items.map(viewOf) };
  }

  async get(call: Call, productId: string): Promise<sales.Product> {
    assertRole(call, 'products.read');
    return this.show(this.dataSource.manager, productId);
  }

  /** Errors: `conflict/code-taken`; `invalid/validation` for a category that is not there. */
  async create(call: Call, input: z.output<typeof sales.NewProduct>): Promise<sales.Product> {
    assertRole(call, 'products.manage');
    const id = await this.changing((tx) =>
      this.idempotency.once(tx, call, ['product', input], async () => {
        if (input.categoryId) await this.categories.assertExists(tx, input.categoryId);
        const product = Product.create(uuidv7(), { ...LEFT_OUT, ...input }, this.clock.now());
        await this.products.insert(tx, [product]);
        await this.outbox.addMany(tx, [changeOf(product, 'created', doerOf(call))]);
        return product.id;
      }),
    );
    return this.show(this.dataSource.manager, id);
  }

  /** Errors: `precondition-failed/stale-version`; `conflict/code-taken`. */
  async update(call: Call, { productId, patch }: z.output<typeof sales.updateProduct.input>): Promise<sales.Product> {
    assertRole(call, 'products.manage');
    return this.changing(async (tx) => {
      const product = await this.asExpected(tx, call, productId);
      if (patch.categoryId) await this.categories.assertExists(tx, patch.categoryId);
      if (product.edit(patch, this.clock.now())) {
        if (!(await this.products.save(tx, product))) throw staleVersion(await this.show(tx, productId));
        await this.outbox.addMany(tx, [changeOf(product, 'edited', doerOf(call))]);
      }
      return this.show(tx, productId);
    });
  }

  /** Errors: `rule-violated/product-in-use` once it was sold or quoted. */
  async delete(call: Call, productId: string): Promise<Record<string, never>> {
    assertRole(call, 'products.manage');
    return this.changing(async (tx) => {
      const product = await this.asExpected(tx, call, productId);
      if (await this.products.isUsed(tx, productId)) throw new AppError('rule-violated', 'product-in-use');
      await this.products.delete(tx, productId);
      product.version += 1;
      await this.outbox.addMany(tx, [changeOf(product, 'deleted', doerOf(call))]);
      return {};
    });
  }

  /** By id. Those that exist, held against deletion until the transaction ends. */
  async forSale(tx: EntityManager, ids: string[]): Promise<Map<string, Product>> {
    const found = await this.products.forSale(tx, { ids: [...new Set(ids)] });
    return new Map(found.map((product) => [product.id, product]));
  }

  /** The same by folded code. */
  async forSaleByCode(tx: EntityManager, codes: string[]): Promise<Map<string, Product>> {
    const found = await this.products.forSale(tx, { codesFolded: [...new Set(codes.map(fold))] });
    return new Map(found.map((product) => [product.codeFolded, product]));
  }

  private async show(tx: EntityManager, id: string): Promise<sales.Product> {
    const product = await this.products.get(tx, id);
    if (!product) throw notFound();
    return viewOf(product);
  }

  private async asExpected(tx: EntityManager, { ifMatch }: Call, id: string): Promise<Product> {
    const product = await this.products.lock(tx, id);
    if (!product) throw notFound();
    if (typeof ifMatch === 'number' && ifMatch !== product.version) throw staleVersion(await this.show(tx, id));
    return product;
  }

  private async changing<T>(act: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(act);
    } catch (error) {
      if (violatedConstraint(error) === 'products_code') throw new AppError('conflict', 'code-taken');
      throw error;
    }
  }
}

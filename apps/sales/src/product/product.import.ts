import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { NonNegativeMoney, line } from '#contracts/common';
import type { ImportRow } from '#contracts/imports';
import { NewProduct } from '#contracts/sales';
import { decimalCell, integerCell, readRow } from '#imports/cells';
import { fold } from '#text/fold';
import { failedRow, type ImportActor, type ImportTarget, type RowOutcome } from '#imports/import-target';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { CategoryService } from '../category/category.service.js';
import { Product, type ProductDetails } from './product.entity.js';
import { ProductRepository } from './product.repository.js';
import { changeOf } from './product.view.js';

const CategoryName = line(100);
const Row = z.object({
  code: NewProduct.shape.code,
  name: NewProduct.shape.name,
  /** From the top, `服务/年费`; a category that is not there is created. */
  category: line(1_000)
    .transform((path) => path.split('/').map((name) => name.trim()))
    .pipe(z.array(CategoryName).max(10))
    .optional(),
  unit: NewProduct.shape.unit,
  guide_price: decimalCell(NonNegativeMoney),
  kind: z.string().toLowerCase().pipe(NewProduct.shape.kind),
  annual_fee: decimalCell(NonNegativeMoney).optional(),
  service_months: integerCell(z.int().min(1).max(600)).optional(),
});
type Row = z.output<typeof Row>;

/** Products, known by their code. A cell that is left empty leaves what is there. */
@Injectable()
export class ProductImport implements ImportTarget {
  readonly kind = 'products';
  readonly permission = 'products.manage';

  constructor(
    private readonly products: ProductRepository,
    private readonly categories: CategoryService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async applyBatch(tx: EntityManager, { userId }: ImportActor, rows: ImportRow[]): Promise<RowOutcome[]> {
    const read = rows.map((row) => ({ row: row.row, ...readRow(Row, row) }));
    const codes = read.flatMap(({ value }) => (value ? fold(value.code) : []));
    const known = new Map((await this.products.lockByCodes(tx, codes)).map((each) => [each.codeFolded, each]));
    const categoryIds = new Map<string, string | null>();
    const created: Product[] = [];
    const changed: Product[] = [];
    const outcomes: RowOutcome[] = [];
    for (const { row, value, faults } of read) {
      if (!value) {
        outcomes.push(failedRow(row, ...faults));
        continue;
      }
      const details = await this.detailsOf(tx, value, categoryIds);
      const before = known.get(fold(value.code));
      if (!before) created.push(newProduct(value.code, details, this.clock.now()));
      const differs = before?.edit(details, this.clock.now()) ?? false;
      if (before && differs) {
        await this.products.save(tx, before);
        changed.push(before);
      }
      const outcome = !before ? 'created' : differs ? 'updated' : 'unchanged';
      outcomes.push({ row, outcome, faults: [], warnings: [] });
    }
    await this.products.insert(tx, created);
    const told = [...new Set([...created, ...changed])].map((product) => changeOf(product, 'imported', { userId }));
    await this.outbox.addMany(tx, told);
    return outcomes;
  }

  private async detailsOf(tx: EntityManager, row: Row, categoryIds: Map<string, string | null>): Promise<Details> {
    const { name, category, unit, guide_price, kind, annual_fee, service_months } = row;
    const details = { name, unit, guidePrice: guide_price, kind, annualFee: annual_fee, serviceMonths: service_months };
    if (!category) return details;
    const path = category.map(fold).join('/');
    if (!categoryIds.has(path)) categoryIds.set(path, await this.categories.ensurePath(tx, category));
    return { ...details, categoryId: categoryIds.get(path) };
  }
}

type Details = Pick<ProductDetails, 'name' | 'unit' | 'guidePrice' | 'kind'> & Partial<ProductDetails>;

const newProduct = (code: string, details: Details, now: Date) => {
  const { categoryId = null, annualFee = null, serviceMonths = null, ...rest } = details;
  const kept = { categoryId, annualFee, serviceMonths, serviceFeeLead: null, active: true };
  return Product.create(uuidv7(), { code, ...rest, ...kept }, now);
};

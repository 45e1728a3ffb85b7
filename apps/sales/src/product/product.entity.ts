import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { fold } from '#text/fold';
import { ProductCategory } from '../category/category.entity.js';
import { money, sameAmount } from '../money.js';

export interface ProductDetails {
  code: string;
  name: string;
  categoryId: string | null;
  unit: string;
  guidePrice: string;
  kind: 'goods' | 'service';
  annualFee: string | null;
  serviceMonths: number | null;
  /** How long before the service's end its fee is asked for, such as `P2M`; null: the organisation's lead time. */
  serviceFeeLead: string | null;
  active: boolean;
}

/** Something that is sold, at a guide price; with an annual fee and a time of service where there is after-sales service. */
@Entity('products')
@Index('products_code', ['codeFolded'], { unique: true })
@Index('products_of_category', ['categoryId', 'codeFolded'])
@Check('products_kind', `kind IN ('goods', 'service')`)
export class Product implements ProductDetails {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Column('text') code: string;
  @Column('text', { name: 'code_folded' }) codeFolded: string;
  @Column('text') name: string;
  /** Code and name, folded. */
  @Column('text') search: string;
  @ForeignKey(() => ProductCategory, { name: 'products_category' })
  @Column('uuid', { name: 'category_id', nullable: true })
  categoryId: string | null;
  @Column('text') unit: string;
  @Column('numeric', { name: 'guide_price', precision: 18, scale: 2 }) guidePrice: string;
  @Column('text') kind: 'goods' | 'service';
  @Column('numeric', { name: 'annual_fee', precision: 18, scale: 2, nullable: true }) annualFee: string | null;
  @Column('integer', { name: 'service_months', nullable: true }) serviceMonths: number | null;
  @Column('text', { name: 'service_fee_lead', nullable: true }) serviceFeeLead: string | null;
  @Column('boolean') active: boolean;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('integer', { default: 1 }) version: number;

  static create(id: string, details: ProductDetails, now: Date): Product {
    const product = Object.assign(new Product(), { id, createdAt: now, updatedAt: now, version: 1 });
    product.describe(details);
    return product;
  }

  /** Only what is named changes; `null` clears. Tells whether anything did. What was sold already keeps its price. */
  edit(patch: Partial<ProductDetails>, now: Date): boolean {
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const details: ProductDetails = { ...this.details(), ...named };
    if (sameDetails(details, this)) return false;
    this.describe(details);
    this.updatedAt = now;
    this.version += 1;
    return true;
  }

  private details(): ProductDetails {
    const { code, name, categoryId, unit, guidePrice, kind, annualFee, serviceMonths, serviceFeeLead, active } = this;
    return { code, name, categoryId, unit, guidePrice, kind, annualFee, serviceMonths, serviceFeeLead, active };
  }

  private describe(details: ProductDetails): void {
    Object.assign(this, details);
    this.guidePrice = money(details.guidePrice);
    this.annualFee = details.annualFee === null ? null : money(details.annualFee);
    this.codeFolded = fold(details.code);
    this.search = fold(`${details.code} ${details.name}`);
  }
}

const PLAIN = ['code', 'name', 'categoryId', 'unit', 'kind', 'serviceMonths', 'serviceFeeLead', 'active'] as const;

function sameDetails(one: ProductDetails, other: ProductDetails): boolean {
  return (
    PLAIN.every((field) => one[field] === other[field]) &&
    sameAmount(one.guidePrice, other.guidePrice) &&
    sameAmount(one.annualFee, other.annualFee)
  );
}

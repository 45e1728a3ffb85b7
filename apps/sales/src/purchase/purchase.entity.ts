import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { addMonths } from '#calendar/dates';
import { AppError } from '#contracts/errors';
import { invalidField, ruleViolated } from '../faults.js';
import { exact, money, sameAmount } from '../money.js';
import { Product } from '../product/product.entity.js';
import { anchorOf, assertDueAfterSale, payableOf, type SaleTerms, type ServiceAnchor } from './purchase.rules.js';

/** What a service fee is counted in; units are written as the catalogue's are. */
const YEAR = '年';

/** Where a purchase comes from, and whose it is. */
export interface SaleOrigin {
  id: string;
  customerId: string;
  soldById: string;
  renewsId?: string;
  ref?: string;
}

/** One product or service sold. Each act is one change and raises the version by one. */
@Entity('purchases')
@Index('purchases_ref', ['ref'], { unique: true })
@Index('purchases_of_customer', ['customerId', 'soldOn', 'id'])
@Index('purchases_of_product', ['productId'])
@Check('purchases_payable', 'payable = round(quantity * unit_price, 2)')
@Check('purchases_paid', 'paid BETWEEN 0 AND payable')
@Check('purchases_remind', 'NOT remind OR (annual_fee IS NOT NULL AND service_ends_on IS NOT NULL)')
@Check('purchases_voided', 'voided_on IS NULL OR (paid = 0 AND void_reason IS NOT NULL)')
export class Purchase implements SaleTerms {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Column('uuid', { name: 'customer_id' }) customerId: string;
  @ForeignKey(() => Product, { name: 'purchases_product' })
  @Column('uuid', { name: 'product_id' })
  productId: string;
  /** Code, name, unit and guide price are kept as they were when it was sold. */
  @Column('text', { name: 'product_code' }) productCode: string;
  @Column('text', { name: 'product_name' }) productName: string;
  @Column('text') unit: string;
  @Column('numeric', { precision: 15, scale: 3 }) quantity: string;
  @Column('numeric', { name: 'guide_price', precision: 18, scale: 2 }) guidePrice: string;
  @Column('numeric', { name: 'unit_price', precision: 18, scale: 2 }) unitPrice: string;
  @Column('numeric', { precision: 18, scale: 2 }) payable: string;
  /** The sum of the ledger. The database adds it up; it is never written from here. */
  @Column({ type: 'numeric', precision: 18, scale: 2, default: 0, insert: false, update: false }) paid: string;
  @Column('date', { name: 'sold_on' }) soldOn: string;
  @Column('date', { name: 'due_on' }) dueOn: string;
  @Column('uuid', { name: 'sold_by_id' }) soldById: string;
  @Column('numeric', { name: 'annual_fee', precision: 18, scale: 2, nullable: true }) annualFee: string | null;
  @Column('date', { name: 'service_ends_on', nullable: true }) serviceEndsOn: string | null;
  @Column('date', { name: 'service_anchor_on', nullable: true }) serviceAnchorOn: string | null;
  @Column('integer', { name: 'service_months', nullable: true }) serviceMonths: number | null;
  @Column('boolean') remind: boolean;
  /** Of a service fee: the purchase whose service it renewed. */
  @ForeignKey(() => Purchase, { name: 'purchases_renews' })
  @Column('uuid', { name: 'renews_id', nullable: true })
  renewsId: string | null;
  @Column('text', { nullable: true }) ref: string | null;
  @Column('date', { name: 'voided_on', nullable: true }) voidedOn: string | null;
  @Column('text', { name: 'void_reason', nullable: true }) voidReason: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('integer', { default: 1 }) version: number;

  /** Errors: `rule-violated/product-inactive`, and those of `correct`. */
  static record(origin: SaleOrigin, product: Product, terms: SaleTerms, now: Date): Purchase {
    const purchase = Purchase.begin(origin, now);
    purchase.sellAs(product);
    purchase.agree(terms);
    if (product.serviceMonths !== null) {
      purchase.countFrom({ anchorOn: terms.soldOn, months: product.serviceMonths });
    }
    return purchase;
  }

  /** The fee for so many years of another purchase's service. It is owed whether or not the product is still sold. */
  static feeFor(renewed: Purchase, years: number, on: string, soldById: string, id: string, now: Date): Purchase {
    const fee = Purchase.begin({ id, customerId: renewed.customerId, soldById, renewsId: renewed.id }, now);
    const { productId, productCode, productName, annualFee } = renewed;
    Object.assign(fee, { productId, productCode, productName, unit: YEAR, guidePrice: annualFee ?? money('0') });
    fee.agree({
      ...{ quantity: String(years), unitPrice: fee.guidePrice, soldOn: on, dueOn: on },
      ...{ annualFee: null, serviceEndsOn: null, remind: false },
    });
    return fee;
  }

  private static begin({ ref, renewsId, ...origin }: SaleOrigin, now: Date): Purchase {
    return Object.assign(new Purchase(), origin, {
      ...{ ref: ref ?? null, renewsId: renewsId ?? null, voidedOn: null, voidReason: null, paid: money('0') },
      ...{ serviceAnchorOn: null, serviceMonths: null, createdAt: now, updatedAt: now, version: 1 },
    });
  }

  get balance(): string {
    return money(exact(this.payable).minus(exact(this.paid)));
  }

  get inArrears(): boolean {
    return this.voidedOn === null && exact(this.balance).gt(0);
  }

  /**
   * Only what is named changes; `null` clears. Tells whether anything did. A reminder ends with the fee or the end date
   * that it is for, unless it is asked for by name.
   * Errors: `rule-violated/purchase-voided`, `/overpaid`, `/due-before-sale`; `invalid/validation` at `/remind`.
   */
  correct(patch: Partial<SaleTerms>, now: Date, product?: Product): boolean {
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const terms: SaleTerms = { ...this.terms(), ...named };
    if (terms.annualFee === null || terms.serviceEndsOn === null) terms.remind = patch.remind ?? false;
    const another = product !== undefined && product.id !== this.productId;
    if (!another && sameTerms(terms, this)) return false;
    this.assertStands();
    if (another) this.sellAs(product);
    this.agree(terms);
    this.changed(now);
    return true;
  }

  /** Money comes in, or with a negative amount goes back. Errors: `rule-violated/overpaid`, `/underpaid`, `/purchase-voided`. */
  credit(amount: string, pointer: string): void {
    this.assertStands();
    const paid = exact(this.paid).plus(exact(amount));
    if (paid.gt(this.payable)) throw ruleViolated('overpaid', pointer, 'More would be paid than is payable');
    if (paid.lt(0)) throw ruleViolated('underpaid', pointer, 'More would go back than was paid');
    this.paid = money(paid);
  }

  /** Its ledger has a new entry. */
  moneyMoved(now: Date): void {
    this.changed(now);
  }

  /**
   * The service goes on for so many years, counted from its anchor.
   * Errors: `rule-violated/purchase-voided`, `/not-renewable` without an end date or a fee.
   */
  renew(years: number, now: Date): void {
    this.assertStands();
    const { annualFee, serviceEndsOn } = this;
    if (serviceEndsOn === null || annualFee === null || exact(annualFee).isZero()) {
      throw new AppError('rule-violated', 'not-renewable');
    }
    const { anchorOn, months } = anchorOf(serviceEndsOn, this.anchor());
    const renewed = { anchorOn, months: months + 12 * years };
    this.serviceEndsOn = addMonths(anchorOn, renewed.months);
    this.countFrom(renewed);
    this.changed(now);
  }

  /** Errors: `conflict/already-voided`; `rule-violated/money-booked`, `/voided-before-sale`. */
  void(reason: string, on: string, now: Date): void {
    if (this.voidedOn !== null) throw new AppError('conflict', 'already-voided');
    if (!exact(this.paid).isZero()) throw new AppError('rule-violated', 'money-booked');
    if (on < this.soldOn) throw ruleViolated('voided-before-sale', '/voidedOn', 'Not before the day of the sale');
    this.voidedOn = on;
    this.voidReason = reason;
    this.changed(now);
  }

  private terms(): SaleTerms {
    const { quantity, unitPrice, soldOn, dueOn, annualFee, serviceEndsOn, remind } = this;
    return { quantity, unitPrice, soldOn, dueOn, annualFee, serviceEndsOn, remind };
  }

  private anchor(): ServiceAnchor | null {
    const { serviceAnchorOn: anchorOn, serviceMonths: months } = this;
    return anchorOn === null || months === null ? null : { anchorOn, months };
  }

  private countFrom({ anchorOn, months }: ServiceAnchor): void {
    this.serviceAnchorOn = anchorOn;
    this.serviceMonths = months;
  }

  private sellAs(product: Product): void {
    if (!product.active) throw ruleViolated('product-inactive', '/productId', 'The product is not sold any more');
    this.productId = product.id;
    this.productCode = product.code;
    this.productName = product.name;
    this.unit = product.unit;
    this.guidePrice = product.guidePrice;
  }

  private agree(terms: SaleTerms): void {
    if (terms.remind && (terms.annualFee === null || terms.serviceEndsOn === null)) {
      throw invalidField('/remind', 'needs-service-terms', 'Needs an annual fee and the end of the service');
    }
    assertDueAfterSale(terms);
    const payable = payableOf(terms.quantity, terms.unitPrice);
    if (exact(this.paid).gt(payable)) {
      const pointer = sameAmount(terms.quantity, this.quantity) ? '/unitPrice' : '/quantity';
      throw ruleViolated('overpaid', pointer, 'More is paid than would be payable');
    }
    Object.assign(this, terms, { payable });
    this.quantity = exact(terms.quantity).toFixed(3);
    this.unitPrice = money(terms.unitPrice);
    this.annualFee = terms.annualFee === null ? null : money(terms.annualFee);
  }

  private assertStands(): void {
    if (this.voidedOn !== null) throw new AppError('rule-violated', 'purchase-voided');
  }

  private changed(now: Date): void {
    this.updatedAt = now;
    this.version += 1;
  }
}

function sameTerms(one: SaleTerms, other: SaleTerms): boolean {
  return (
    (['soldOn', 'dueOn', 'serviceEndsOn', 'remind'] as const).every((field) => one[field] === other[field]) &&
    (['quantity', 'unitPrice', 'annualFee'] as const).every((field) => sameAmount(one[field], other[field]))
  );
}

import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Product } from '../product/product.entity.js';
import { Quote } from './quote.entity.js';
import type { QuoteTerms } from './quote.rules.js';

/** One line of a quote, at its place from 0. */
@Entity('quote_lines')
@Index('quote_lines_of_product', ['productId', 'quoteId'])
@Check('quote_lines_amount', 'amount = round(quantity * unit_price, 2)')
export class QuoteLine implements QuoteTerms {
  @ForeignKey(() => Quote, { name: 'quote_lines_quote' })
  @PrimaryColumn('uuid', { name: 'quote_id' })
  quoteId: string;
  @PrimaryColumn('integer') place: number;
  @ForeignKey(() => Product, { name: 'quote_lines_product' })
  @Column('uuid', { name: 'product_id', nullable: true })
  productId: string | null;
  @Column('text') description: string;
  @Column('text', { nullable: true }) unit: string | null;
  @Column('numeric', { precision: 15, scale: 3 }) quantity: string;
  @Column('numeric', { name: 'unit_price', precision: 18, scale: 2 }) unitPrice: string;
  @Column('numeric', { name: 'guide_price', precision: 18, scale: 2, nullable: true }) guidePrice: string | null;
  @Column('numeric', { precision: 18, scale: 2 }) amount: string;
}

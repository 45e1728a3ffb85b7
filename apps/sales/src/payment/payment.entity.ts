import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { z } from 'zod';
import type { PaymentMethod } from '#contracts/sales';
import { money } from '../money.js';
import { Purchase } from '../purchase/purchase.entity.js';

export interface LedgerEntry {
  /** Signed: a refund or a reversal is negative. */
  amount: string;
  paidOn: string;
  method: z.output<typeof PaymentMethod>;
  reference?: string;
  note?: string;
  reversesId?: string;
  ref?: string;
}

/** A line of a purchase's ledger. It is never changed; another line takes it back. */
@Entity('payments')
@Index('payments_ref', ['ref'], { unique: true })
@Index('payments_reversed_once', ['reversesId'], { unique: true })
@Index('payments_of_purchase', ['purchaseId', 'paidOn', 'id'])
@Check('payments_amount', 'amount <> 0')
export class Payment {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) readonly id: string;
  @ForeignKey(() => Purchase, { name: 'payments_purchase' })
  @Column('uuid', { name: 'purchase_id' })
  readonly purchaseId: string;
  @Column('numeric', { precision: 18, scale: 2 }) readonly amount: string;
  @Column('date', { name: 'paid_on' }) readonly paidOn: string;
  @Column('text') readonly method: LedgerEntry['method'];
  @Column('text', { nullable: true }) readonly reference: string | null;
  @Column('text', { nullable: true }) readonly note: string | null;
  @ForeignKey(() => Payment, { name: 'payments_reverses' })
  @Column('uuid', { name: 'reverses_id', nullable: true })
  readonly reversesId: string | null;
  @Column('text', { nullable: true }) readonly ref: string | null;
  @Column('uuid', { name: 'recorded_by_id' }) readonly recordedById: string;
  @Column('timestamptz', { name: 'created_at' }) readonly createdAt: Date;

  static book(id: string, purchase: Purchase, entry: LedgerEntry, recordedById: string, now: Date): Payment {
    const { reference = null, note = null, reversesId = null, ref = null, ...rest } = entry;
    const amount = money(entry.amount);
    const line = { ...rest, amount, reference, note, reversesId, ref };
    return Object.assign(new Payment(), { id, purchaseId: purchase.id, ...line, recordedById, createdAt: now });
  }
}

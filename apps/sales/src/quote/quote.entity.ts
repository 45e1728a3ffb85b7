import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AppError } from '#contracts/errors';
import { ruleViolated } from '../faults.js';
import { stateOf, type KeptState, type QuoteTerms, type State } from './quote.rules.js';

export interface QuoteDetails {
  quotedOn: string;
  validUntil: string | null;
  note: string | null;
  state: KeptState;
}

/** Prices once offered to a customer. Each act is one change and raises the version by one. */
@Entity('quotes')
@Index('quotes_number', ['number'], { unique: true })
@Index('quotes_of_customer', ['customerId', 'quotedOn', 'id'])
@Check('quotes_state', `state IN ('draft', 'sent', 'accepted', 'rejected', 'converted')`)
@Check('quotes_valid', 'valid_until >= quoted_on')
export class Quote implements QuoteDetails {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Column('uuid', { name: 'customer_id' }) customerId: string;
  @Column('text') number: string;
  @Column('date', { name: 'quoted_on' }) quotedOn: string;
  @Column('date', { name: 'valid_until', nullable: true }) validUntil: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') state: KeptState;
  @Column('uuid', { name: 'purchase_ids', array: true, default: [] }) purchaseIds: string[];
  @Column('uuid', { name: 'created_by_id' }) createdById: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt: Date | null;
  @Column('integer', { default: 1 }) version: number;

  /** In their order; the repository reads and writes them along. */
  lines: QuoteTerms[];

  /** Errors: `rule-violated/valid-before-quoted`. */
  static offer(
    origin: { id: string; customerId: string; number: string; createdById: string },
    details: QuoteDetails,
    lines: QuoteTerms[],
    now: Date,
  ): Quote {
    const quote = Object.assign(new Quote(), origin, {
      ...{ purchaseIds: [], deletedAt: null },
      ...{ createdAt: now, updatedAt: now, version: 1 },
    });
    quote.describe(details);
    quote.lines = lines;
    return quote;
  }

  stateOn(today: string): State {
    return stateOf(this.state, this.validUntil, today);
  }

  /**
   * Only what is named changes; `null` clears. An expired one is answered only when it is valid for longer.
   * Errors: `conflict/quote-converted`; `rule-violated/quote-expired`, `/valid-before-quoted`.
   */
  edit(patch: Partial<QuoteDetails>, lines: QuoteTerms[] | undefined, { now, today }: { now: Date; today: string }) {
    this.assertOpen();
    const wasExpired = this.stateOn(today) === 'expired';
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.describe({ ...this.details(), ...named });
    if (wasExpired && patch.state === 'accepted' && stateOf('sent', this.validUntil, today) === 'expired') {
      throw ruleViolated('quote-expired', '/state', 'It is not valid any more');
    }
    if (lines) this.lines = lines;
    this.changed(now);
  }

  /** Errors: `conflict/quote-converted`; `rule-violated/quote-expired`, `/quote-rejected`. */
  assertConvertible(today: string): void {
    this.assertOpen();
    const state = this.stateOn(today);
    if (state === 'expired' || state === 'rejected') throw new AppError('rule-violated', `quote-${state}`);
  }

  /** It became these, and is closed. */
  becomePurchases(ids: string[], now: Date): void {
    this.state = 'converted';
    this.purchaseIds = ids;
    this.changed(now);
  }

  /** Errors: `conflict/quote-converted`. */
  delete(now: Date): void {
    this.assertOpen();
    this.deletedAt = now;
    this.changed(now);
  }

  private assertOpen(): void {
    if (this.state === 'converted') throw new AppError('conflict', 'quote-converted');
  }

  private details(): QuoteDetails {
    const { quotedOn, validUntil, note, state } = this;
    return { quotedOn, validUntil, note, state };
  }

  private describe(details: QuoteDetails): void {
    if (details.validUntil !== null && details.validUntil < details.quotedOn) {
      throw ruleViolated('valid-before-quoted', '/validUntil', 'Not before the day of the quote');
    }
    Object.assign(this, details);
  }

  private changed(now: Date): void {
    this.updatedAt = now;
    this.version += 1;
  }
}

import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
import { QuoteLine } from './quote-line.entity.js';
import { Quote } from './quote.entity.js';
import { numberOf, type QuoteTerms, type State } from './quote.rules.js';

interface Find {
  customerId: string;
  state?: State;
  today: string;
  /** Only those behind this quote. */
  after?: { quotedOn: string; id: string };
  limit: number;
}

/** The state that the calendar makes of the one that is kept, as `stateOf` in the rules does. */
const STATE = `CASE WHEN q.state IN ('draft', 'sent') AND q.validUntil < :today THEN 'expired' ELSE q.state END`;

@Injectable()
export class QuoteRepository {
  /** The latest first. */
  async find(tx: EntityManager, { customerId, state, today, after, limit }: Find): Promise<Quote[]> {
    const query = tx
      .createQueryBuilder(Quote, 'q')
      .where('q.customerId = :customerId AND q.deletedAt IS NULL', { customerId })
      .orderBy({ 'q.quotedOn': 'DESC', 'q.id': 'DESC' })
      .limit(limit);
    if (state !== undefined) query.andWhere(`${STATE} = :state`, { state, today });
    if (after) query.andWhere('(q.quotedOn, q.id) < (:quotedOn, :id)', after);
    return this.withLines(tx, await query.getMany());
  }

  async get(tx: EntityManager, customerId: string, id: string): Promise<Quote | undefined> {
    return (await this.withLines(tx, await tx.findBy(Quote, { id, customerId, deletedAt: IsNull() })))[0];
  }

  /** Held until the transaction ends: of two who convert it, the second finds it converted. */
  async lock(tx: EntityManager, customerId: string, id: string): Promise<Quote | undefined> {
    const where = { id, customerId, deletedAt: IsNull() };
    return (await this.withLines(tx, await tx.find(Quote, { where, lock: { mode: 'pessimistic_write' } })))[0];
  }

  /** In the order of their ids, behind `after`. */
  async page(tx: EntityManager, after: string | undefined, limit: number): Promise<Quote[]> {
    const query = tx.createQueryBuilder(Quote, 'q').where('q.deletedAt IS NULL').orderBy('q.id').limit(limit);
    if (after !== undefined) query.andWhere('q.id > :after', { after });
    return this.withLines(tx, await query.getMany());
  }

  async nextNumber(tx: EntityManager, year: string): Promise<string> {
    const [taken] = await tx.query<[{ last: number }]>(
      `INSERT INTO quote_numbers AS n (year, last) VALUES ($1, 1)
       ON CONFLICT (year) DO UPDATE SET last = n.last + 1 RETURNING last`,
      [year],
    );
    return numberOf(year, taken.last);
  }

  async insert(tx: EntityManager, { lines, ...quote }: Quote): Promise<void> {
    await tx.insert(Quote, quote);
    await this.write(tx, quote.id, lines);
  }

  /** The version was raised by one since it was read. Tells whether nobody else was faster. */
  async save(tx: EntityManager, { id, lines, createdAt: _kept, ...columns }: Quote): Promise<boolean> {
    const { affected } = await tx.update(Quote, { id, version: columns.version - 1 }, columns);
    if (affected !== 1) return false;
    await tx.delete(QuoteLine, { quoteId: id });
    await this.write(tx, id, lines);
    return true;
  }

  private async write(tx: EntityManager, quoteId: string, lines: QuoteTerms[]): Promise<void> {
    await tx.insert(
      QuoteLine,
      lines.map((line, place) => ({ ...line, quoteId, place })),
    );
  }

  private async withLines(tx: EntityManager, quotes: Quote[]): Promise<Quote[]> {
    const where = { quoteId: In(quotes.map(({ id }) => id)) };
    const lines = quotes.length === 0 ? [] : await tx.find(QuoteLine, { where, order: { place: 'ASC' } });
    return quotes.map((quote) => Object.assign(quote, { lines: lines.filter(({ quoteId }) => quoteId === quote.id) }));
  }
}

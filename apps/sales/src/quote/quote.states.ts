import { DataSource } from 'typeorm';
import { Republishes, type StateEvent } from '#messaging/republish';
import { Clock } from '#platform/clock';
import { QuoteRepository } from './quote.repository.js';
import { changeOf } from './quote.view.js';

const PAGE = 200;

/** All quotes as they are, for projections that begin anew. */
@Republishes()
export class QuoteStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quotes: QuoteRepository,
    private readonly clock: Clock,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    const today = this.clock.today();
    let after: string | undefined;
    do {
      const page = await this.quotes.page(this.dataSource.manager, after, PAGE);
      for (const quote of page) yield changeOf(quote, today, 'republished', null);
      after = page.length === PAGE ? page.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
}

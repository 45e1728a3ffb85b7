import { DataSource } from 'typeorm';
import { Republishes, type StateEvent } from '#messaging/republish';
import { PurchaseRepository } from './purchase.repository.js';
import { changeOf } from './purchase.view.js';

const PAGE = 500;

/** All purchases as they are, for projections that begin anew. */
@Republishes()
export class PurchaseStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly purchases: PurchaseRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    let after: string | undefined;
    do {
      const page = await this.purchases.page(this.dataSource.manager, after, PAGE);
      for (const purchase of page) yield changeOf(purchase, 'republished', null);
      after = page.length === PAGE ? page.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
}

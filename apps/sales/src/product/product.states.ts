import { DataSource } from 'typeorm';
import { Republishes, type StateEvent } from '#messaging/republish';
import { ProductRepository } from './product.repository.js';
import { changeOf } from './product.view.js';

const PAGE = 500;

/** The whole catalogue as it is, for projections that begin anew. */
@Republishes()
export class ProductStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly products: ProductRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    let after: string | undefined;
    do {
      const page = await this.products.find(this.dataSource.manager, { after, limit: PAGE });
      for (const product of page) yield changeOf(product, 'republished', null);
      after = page.length === PAGE ? page.at(-1)?.codeFolded : undefined;
    } while (after !== undefined);
  }
}

import { DataSource } from 'typeorm';
import { Republishes, type StateEvent } from '#messaging/republish';
import { PaymentRepository } from './payment.repository.js';
import { entryOf } from './payment.view.js';

const PAGE = 500;

/** All entries of all ledgers, for projections that begin anew. */
@Republishes()
export class PaymentStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    let after: string | undefined;
    do {
      const page = await this.payments.page(this.dataSource.manager, after, PAGE);
      for (const { payment, customerId } of page) yield entryOf(payment, customerId, null);
      after = page.length === PAGE ? page.at(-1)?.payment.id : undefined;
    } while (after !== undefined);
  }
}

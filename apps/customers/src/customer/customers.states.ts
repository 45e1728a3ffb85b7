import { DataSource } from 'typeorm';
import { accessVersionStated } from '#contracts/access';
import { customerChanged } from '#contracts/customers';
import { Republishes, type StateEvent, type TellsStates } from '#messaging/republish';
import { AccessService } from '../access/access.service.js';
import { DelegationService } from '../delegation/delegation.service.js';
import { stated } from './customer.events.js';
import { CustomerRepository } from './customer.repository.js';

const PAGE = 500;

/**
 * All that this service owns, told once more. The owners' access versions come after the customers: whoever has applied
 * a version has every customer as it was then, or later.
 */
@Republishes()
export class CustomersStates implements TellsStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly customers: CustomerRepository,
    private readonly access: AccessService,
    private readonly delegations: DelegationService,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    for (let after: string | undefined; ;) {
      const page = await this.customers.pageAfter(this.dataSource.manager, after, PAGE);
      for (const customer of page) {
        yield { type: customerChanged, ...stated({ customer, action: 'republished' }) };
      }
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    yield* this.delegations.states();
    for (let after: string | undefined; ;) {
      const page = await this.access.versionsAfter(this.dataSource.manager, after, PAGE);
      for (const { ownerId, accessVersion } of page) {
        const data = { ownerId, accessVersion };
        yield { type: accessVersionStated, ...{ aggregateId: ownerId, version: accessVersion, data } };
      }
      after = page.at(-1)?.ownerId;
      if (after === undefined) return;
    }
  }
}

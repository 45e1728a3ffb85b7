import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OrganisationRepository, type Told } from './organisation.repository.js';

/** What the organisation has settled for its sales. */
@Injectable()
export class Organisation {
  constructor(
    private readonly dataSource: DataSource,
    private readonly organisation: OrganisationRepository,
  ) {}

  /** In days, of a customer without a term of his own: as auth has told of it last, or at once, as usual. */
  async paymentTerm(tx: EntityManager = this.dataSource.manager): Promise<number> {
    return (await this.organisation.find(tx))?.paymentTermDays ?? 0;
  }

  async keep(tx: EntityManager, told: Told): Promise<void> {
    await this.organisation.keep(tx, told);
  }
}

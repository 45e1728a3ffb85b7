import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface Told {
  paymentTermDays: number;
  version: number;
}

@Injectable()
export class OrganisationRepository {
  /** Undefined until auth has told of a change. */
  async find(tx: EntityManager): Promise<Told | undefined> {
    const [told] = await tx.query<Told[]>(`SELECT payment_term_days AS "paymentTermDays", version FROM settings`);
    return told;
  }

  async keep(tx: EntityManager, { paymentTermDays, version }: Told): Promise<void> {
    await tx.query(
      `INSERT INTO settings (payment_term_days, version) VALUES ($1, $2)
       ON CONFLICT (single) DO UPDATE SET payment_term_days = excluded.payment_term_days, version = excluded.version
       WHERE settings.version < excluded.version`,
      [paymentTermDays, version],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeptSettings } from './settings.rules.js';

@Injectable()
export class SettingsRepository {
  /** Undefined until something was changed. */
  async find(tx: EntityManager): Promise<KeptSettings | undefined> {
    const [kept] = await tx.query<KeptSettings[]>(
      `SELECT organisation_name AS "organisationName", letterhead, currency, payment_term_days AS "paymentTermDays",
         service_fee_lead AS "serviceFeeLead", calendar, mail, version
       FROM settings`,
    );
    return kept;
  }

  /** The version was raised by one since they were read. Gives whether nobody was faster. */
  async save(tx: EntityManager, settings: KeptSettings): Promise<boolean> {
    const saved = await tx.query<unknown[]>(
      `INSERT INTO settings AS kept (organisation_name, letterhead, currency, payment_term_days, service_fee_lead,
         calendar, mail, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (single) DO UPDATE SET organisation_name = excluded.organisation_name,
         letterhead = excluded.letterhead, currency = excluded.currency,
         payment_term_days = excluded.payment_term_days, service_fee_lead = excluded.service_fee_lead,
         calendar = excluded.calendar, mail = excluded.mail, version = excluded.version
       WHERE kept.version = excluded.version - 1
       RETURNING version`,
      [
        settings.organisationName,
        settings.letterhead,
        settings.currency,
        settings.paymentTermDays,
        settings.serviceFeeLead,
        settings.calendar,
        settings.mail,
        settings.version,
      ],
    );
    return saved.length === 1;
  }
}

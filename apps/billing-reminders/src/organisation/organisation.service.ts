import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Language } from '#contracts/common';
import type { Letterhead } from '#contracts/dunning-notices';
import { BILLING_CONFIG, type BillingConfig } from '../config.js';
import type { WorkCalendar } from '../working-day.rules.js';
import { OrganisationRepository } from './organisation.repository.js';

/** What the organisation has settled for its money, days and letters. */
export interface OrganisationSettings {
  letterhead: Letterhead;
  currency: string;
  calendar: WorkCalendar;
  /** Whom mails are from, and who gets the answers; without it, as the service is configured. */
  mail: { from?: string; replyTo?: string };
  /** How long before its end a service's yearly fee is asked for, unless its product has a lead of its own. */
  serviceFeeLead: string;
  /** Of letters to a customer, and of mails to a user, who has none of his own. */
  language: Language;
}

@Injectable()
export class Organisation {
  constructor(
    private readonly organisation: OrganisationRepository,
    @Inject(BILLING_CONFIG) private readonly config: Pick<BillingConfig, 'HFX_CURRENCY' | 'MAIL_LANGUAGE'>,
  ) {}

  /** As auth has told of them last, or as usual. */
  async settings(tx: EntityManager): Promise<OrganisationSettings> {
    const { HFX_CURRENCY, MAIL_LANGUAGE: language } = this.config;
    const told = await this.organisation.find(tx);
    if (told) {
      const { organisationName: name, letterhead, currency, calendar, mail, serviceFeeLead } = told;
      return { letterhead: { name, ...letterhead }, currency, calendar, mail, serviceFeeLead, language };
    }
    return {
      letterhead: { name: 'Hongfuxing' },
      currency: HFX_CURRENCY,
      calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] },
      mail: {},
      serviceFeeLead: 'P1M',
      language,
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Language } from '#contracts/common';
import type { Letterhead } from '#contracts/dunning-notices';
import { BILLING_CONFIG, type BillingConfig } from '../config.js';
import type { WorkCalendar } from '../working-day.rules.js';

/** What the organisation has settled for its letters. */
export interface NoticeSettings {
  letterhead: Letterhead;
  currency: string;
  calendar: WorkCalendar;
  /** Of letters to a customer who has none of his own. */
  language: Language;
}

@Injectable()
export class NoticeSettingsSource {
  constructor(@Inject(BILLING_CONFIG) private readonly config: Pick<BillingConfig, 'HFX_CURRENCY' | 'MAIL_LANGUAGE'>) {}

  current(): NoticeSettings {
    return {
      letterhead: { name: 'Hongfuxing' },
      currency: this.config.HFX_CURRENCY,
      calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] },
      language: this.config.MAIL_LANGUAGE,
    };
  }
}

import type { DatabaseConfig } from '#platform/config';
import { dataSourceOptions } from '#platform/database';
import { Ledger20261123000000 } from '../migrations/20261123000000-ledger.js';
import { Reminders20261123000001 } from '../migrations/20261123000001-reminders.js';
import { Digests20261123000002 } from '../migrations/20261123000002-digests.js';
import { DunningNotices20261128132500 } from '../migrations/20261128132500-dunning-notices.js';
import { ReminderPauses20261128133100 } from '../migrations/20261128133100-reminder-pauses.js';
import { TermsAndSales20261128134500 } from '../migrations/20261128134500-terms-and-sales.js';
import { Settings20261128144700 } from '../migrations/20261128144700-settings.js';
import { UserLanguages20261128163100 } from '../migrations/20261128163100-user-languages.js';
import { EightySlots20261128170500 } from '../migrations/20261128170500-eighty-slots.js';
import { ManagerDigests20261128172700 } from '../migrations/20261128172700-manager-digests.js';
import { DigestSubscription } from './digest-subscription/digest-subscription.entity.js';
import { Digest } from './digest/digest.entity.js';

export const entities = [DigestSubscription, Digest];
export const migrations = [
  Ledger20261123000000,
  Reminders20261123000001,
  Digests20261123000002,
  DunningNotices20261128132500,
  ReminderPauses20261128133100,
  TermsAndSales20261128134500,
  Settings20261128144700,
  UserLanguages20261128163100,
  EightySlots20261128170500,
  ManagerDigests20261128172700,
];

export const options = (config: DatabaseConfig) => dataSourceOptions('billing', config, { entities, migrations });

import type { DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '#platform/database';
import type { DatabaseConfig } from '#platform/config';
import { Customers20261123000000 } from '../migrations/20261123000000-customers.js';
import { CustomFields20261128132500 } from '../migrations/20261128132500-custom-fields.js';
import { KeptCounts20261128132600 } from '../migrations/20261128132600-kept-counts.js';
import { SavedViews20261128132700 } from '../migrations/20261128132700-saved-views.js';
import { DelegationsByTime20261128133100 } from '../migrations/20261128133100-delegations-by-time.js';
import { CoresRefolded20261128140500 } from '../migrations/20261128140500-cores-refolded.js';
import { TeamsOfUsers20261128172500 } from '../migrations/20261128172500-teams-of-users.js';
import { CustomField } from './custom-field/custom-field.entity.js';
import { Contacts20261128133300 } from '../migrations/20261128133300-contacts.js';
import { Log20261128133400 } from '../migrations/20261128133400-log.js';
import { Takeaways20261128165000 } from '../migrations/20261128165000-takeaways.js';
import { Erasure20261128170500 } from '../migrations/20261128170500-erasure.js';
import { HandOvers20261128173100 } from '../migrations/20261128173100-hand-overs.js';
import { ErasureTold20261129060000 } from '../migrations/20261129060000-erasure-told.js';
import { Contact } from './contact/contact.entity.js';
import { Customer } from './customer/customer.entity.js';
import { SavedView } from './saved-view/saved-view.entity.js';
import { CustomerStatus } from './status/status.entity.js';

export const entities = [CustomerStatus, Customer, Contact, CustomField, SavedView];
export const migrations = [
  Customers20261123000000,
  CustomFields20261128132500,
  KeptCounts20261128132600,
  SavedViews20261128132700,
  DelegationsByTime20261128133100,
  Contacts20261128133300,
  Log20261128133400,
  CoresRefolded20261128140500,
  Takeaways20261128165000,
  Erasure20261128170500,
  TeamsOfUsers20261128172500,
  HandOvers20261128173100,
  ErasureTold20261129060000,
];

export const options = (config: DatabaseConfig): DataSourceOptions =>
  dataSourceOptions('customers', config, { entities, migrations });

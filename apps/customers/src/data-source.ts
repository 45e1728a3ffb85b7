import type { DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '#platform/database';
import type { DatabaseConfig } from '#platform/config';
import { Customers20261123000000 } from '../migrations/20261123000000-customers.js';
import { Customer } from './customer/customer.entity.js';
import { CustomerStatus } from './status/status.entity.js';

export const entities = [CustomerStatus, Customer];
export const migrations = [Customers20261123000000];

export const options = (config: DatabaseConfig): DataSourceOptions =>
  dataSourceOptions('customers', config, { entities, migrations });

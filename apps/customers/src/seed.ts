/** Command: creates the statuses that a new organisation begins with, unless it has some. */
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { databaseConfig, loadConfig } from '#platform/config';
import { options } from './data-source.js';
import { plantStatuses } from './status/planting.js';

const dataSource = await new DataSource(options(loadConfig(z.object(databaseConfig)))).initialize();
try {
  const created = await plantStatuses(dataSource);
  process.stdout.write(`Created: ${created.join(', ') || 'none, there are some'}\n`);
} finally {
  await dataSource.destroy();
}

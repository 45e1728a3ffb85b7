/**
 * Command: `export-person` or `erase-person` of a customer, or of one of its contacts. It acts as the schema's owner,
 * with the `DATABASE_URL` of the migration: the role that serves can't change the log.
 */
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Outbox } from '#messaging/outbox';
import { databaseConfig, loadConfig } from '#platform/config';
import { options } from './data-source.js';
import { DuplicateRepository } from './duplicate/duplicate.repository.js';
import { DuplicateService } from './duplicate/duplicate.service.js';
import { personalData } from './personal-data/personal-data.command.js';
import { PersonalDataRepository } from './personal-data/personal-data.repository.js';
import { PersonalDataService } from './personal-data/personal-data.service.js';

const dataSource = await new DataSource({ ...options(loadConfig(z.object(databaseConfig))), extra: {} }).initialize();
try {
  const duplicates = new DuplicateService(dataSource, new DuplicateRepository());
  const service = new PersonalDataService(
    dataSource,
    new PersonalDataRepository(),
    duplicates,
    new Outbox('customers'),
  );
  process.stdout.write(`${await personalData(process.argv.slice(2), service)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await dataSource.destroy();
}

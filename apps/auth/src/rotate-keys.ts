/** Command: from a few seconds on access tokens are signed with a new key. Those out there stay good. */
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '#platform/clock';
import { databaseConfig, loadConfig } from '#platform/config';
import { AuthSecret } from './config.js';
import { options } from './data-source.js';
import { SigningKeyRepository } from './key/signing-key.repository.js';
import { SigningKeys } from './key/signing-key.service.js';
import { Vault } from './vault.js';

const config = loadConfig(z.object({ ...databaseConfig, AUTH_KEY_SECRET: AuthSecret }));
const dataSource = await new DataSource(options(config)).initialize();
try {
  const vault = new Vault(config.AUTH_KEY_SECRET);
  const keys = new SigningKeys(dataSource, new SigningKeyRepository(), vault, new Clock('UTC'));
  // A key sealed with another secret than the service's would end all signing: this opens the present one first.
  await keys.onModuleInit();
  process.stdout.write(`Tokens are signed with ${await keys.rotate()} from now on\n`);
} finally {
  await dataSource.destroy();
}

import type { DatabaseUrls } from './environment.js';
import type { RunningPostgres } from './postgres.js';
import { DATABASE_SERVICES, DEFAULT_DATABASE, ownerRole, runtimeRole, type DatabaseService } from './provision-sql.js';
import { provision } from './provision.js';
import type { Secrets } from './secrets.js';

export type Databases = Record<DatabaseService, DatabaseUrls>;

/** Creates the database and the services' roles on the embedded server. */
export async function provisionEmbedded(postgres: RunningPostgres, { roles }: Secrets, testClock?: boolean) {
  const adminUrl = await provision(postgres.adminUrl, { passwords: roles, testClock });
  const databases = Object.fromEntries(
    DATABASE_SERVICES.map((service) => [
      service,
      {
        owner: postgres.url(ownerRole(service), roles[service].owner, DEFAULT_DATABASE),
        runtime: postgres.url(runtimeRole(service), roles[service].runtime, DEFAULT_DATABASE),
      },
    ]),
  ) as Databases;
  return { adminUrl, databases };
}

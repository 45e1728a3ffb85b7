/**
 * Command: creates the database, roles and schemas on a PostgreSQL of one's own, or brings them up to date. It needs
 * `ADMIN_DATABASE_URL` beside each service's `…_DATABASE_URL` and `…_MIGRATION_DATABASE_URL`, whose passwords it sets.
 */
import { externalDatabases } from './environment.js';
import { provision } from './provision.js';
import { DATABASE_SERVICES, type ProvisionOptions } from './provision-sql.js';

const databases = externalDatabases(process.env);
const adminUrl = process.env.ADMIN_DATABASE_URL;
if (!databases || !adminUrl) throw new Error('ADMIN_DATABASE_URL or the DATABASE_URLs of the services are missing');

const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
const passwords = Object.fromEntries(
  DATABASE_SERVICES.map((service) => {
    const { owner, runtime } = databases[service];
    return [service, { owner: passwordOf(owner), runtime: passwordOf(runtime) }];
  }),
) as ProvisionOptions['passwords'];
await provision(adminUrl, { passwords });

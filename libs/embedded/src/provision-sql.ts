import { escapeIdentifier as id, escapeLiteral as text } from 'pg';
import type { ServiceName } from '#contracts/rpc';

/** The services that own data; the gateway owns none. */
export const DATABASE_SERVICES = ['auth', 'customers', 'sales', 'billing'] as const satisfies readonly ServiceName[];
export const DEFAULT_DATABASE = 'hongfuxing';
export type DatabaseService = (typeof DATABASE_SERVICES)[number];

/** Runs the service's migrations; owns its schema. */
export const ownerRole = (service: DatabaseService) => `hfx_${service}_owner`;
/** What the serving process is: reads and writes rows, changes no table. */
export const runtimeRole = (service: DatabaseService) => `hfx_${service}`;

/**
 * Blanks what names a person in the customers' log, which nobody else may change. Nobody signs in as it: the owner steps
 * into it for the one command that needs it.
 */
export const ERASURE_ROLE = 'hfx_customers_erasure';

export interface ProvisionOptions {
  database?: string;
  passwords: Record<DatabaseService, { owner: string; runtime: string }>;
  /** Lets the services' roles set `app.now()` by `SET app.now = '<timestamptz>'`. For tests only. */
  testClock?: boolean;
}

export interface ProvisionSql {
  /** Roles: on the maintenance database. */
  cluster: string;
  /** Unless it exists; a statement that no transaction may hold. */
  createDatabase: string;
  /** Schemas and rights: on the new database. */
  contents: string;
}

const TEST_ROLE = 'hfx_test';

/** What an administrator has to run so that the services find their database; every part may be run again. */
export function provisionSql({
  database = DEFAULT_DATABASE,
  passwords,
  testClock = false,
}: ProvisionOptions): ProvisionSql {
  const logins = DATABASE_SERVICES.flatMap((service) => [
    [ownerRole(service), passwords[service].owner, service],
    [runtimeRole(service), passwords[service].runtime, service],
  ]) as [role: string, password: string, schema: string][];
  const everyRole = logins.map(([role]) => id(role)).join(', ');
  return {
    cluster: [
      ...logins.flatMap(([role, password, schema]) => [
        unlessRole(role, `CREATE ROLE ${id(role)}`),
        `ALTER ROLE ${id(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${text(password)};`,
        `ALTER ROLE ${id(role)} SET search_path = ${id(schema)}, app;`,
        `ALTER ROLE ${id(role)} SET timezone = 'UTC';`,
      ]),
      unlessRole(ERASURE_ROLE, `CREATE ROLE ${ERASURE_ROLE} NOLOGIN`),
      `GRANT ${ERASURE_ROLE} TO ${id(ownerRole('customers'))} WITH INHERIT FALSE, SET TRUE;`,
      ...(testClock ? [unlessRole(TEST_ROLE, `CREATE ROLE ${TEST_ROLE}`), `GRANT ${TEST_ROLE} TO ${everyRole};`] : []),
    ].join('\n'),
    createDatabase: `CREATE DATABASE ${id(database)} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`,
    contents: [
      `REVOKE ALL ON DATABASE ${id(database)} FROM PUBLIC;`,
      `GRANT CONNECT ON DATABASE ${id(database)} TO ${everyRole};`,
      'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
      'CREATE SCHEMA IF NOT EXISTS app;',
      `GRANT USAGE ON SCHEMA app TO ${everyRole};`,
      'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA app;',
      'CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA app;',
      clock(testClock),
      'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;',
      `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO ${everyRole};`,
      `GRANT USAGE ON SCHEMA app TO ${ERASURE_ROLE};`,
      `GRANT EXECUTE ON FUNCTION app.now() TO ${ERASURE_ROLE};`,
      ...DATABASE_SERVICES.flatMap(schemaSql),
    ].join('\n'),
  };
}

const unlessRole = (role: string, statement: string) =>
  `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(role)}) THEN ${statement}; END IF; END $$;`;

/** The transaction's time, and in tests what a member of the test role has set instead. */
const clock = (testClock: boolean) => `
CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE RETURN ${
  testClock
    ? `CASE WHEN current_setting('app.now', true) <> '' AND pg_has_role('${TEST_ROLE}', 'USAGE')
         THEN current_setting('app.now', true)::timestamptz ELSE pg_catalog.now() END`
    : 'pg_catalog.now()'
};`;

function schemaSql(service: DatabaseService): string[] {
  const [schema, owner, runtime] = [id(service), id(ownerRole(service)), id(runtimeRole(service))];
  const ofOwner = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner}`;
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner};`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${runtime};`,
    // PostgreSQL lets everyone execute new functions and use new types; that default can only be taken back globally.
    `${ofOwner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`,
    `${ofOwner} REVOKE USAGE ON TYPES FROM PUBLIC;`,
    `${ofOwner} IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${runtime};`,
    `${ofOwner} IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO ${runtime};`,
    `${ofOwner} IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${runtime};`,
    `${ofOwner} IN SCHEMA ${schema} GRANT USAGE ON TYPES TO ${runtime};`,
  ];
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropImportTables, importTables } from '#imports/tables';
import * as messaging from '#messaging/tables';
import { idempotencyTable } from '#platform/idempotency';

const own = [
  `CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    version integer NOT NULL
  )`,
  `CREATE INDEX users_username ON users (username)`,

  `CREATE TABLE customer_statuses (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    name_folded text NOT NULL,
    color text,
    position integer NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1
  )`,
  `CREATE UNIQUE INDEX customer_statuses_name ON customer_statuses (name_folded)`,
  `CREATE UNIQUE INDEX customer_statuses_default ON customer_statuses (is_default) WHERE is_default`,

  `CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    keyword text NOT NULL,
    status_id uuid NOT NULL CONSTRAINT customers_status REFERENCES customer_statuses (id),
    owner_id uuid NOT NULL,
    created_on date NOT NULL,
    code text,
    code_folded text,
    phone text,
    email text,
    address text,
    region text,
    industry text,
    source text,
    website text,
    tax_id text,
    invoice_title text,
    payment_term_days integer,
    language text,
    note text,
    tags text[] NOT NULL DEFAULT '{}',
    custom_fields jsonb NOT NULL DEFAULT '{}',
    last_transfer_id uuid,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    version integer NOT NULL DEFAULT 1
  )`,
  `CREATE UNIQUE INDEX customers_code ON customers (code_folded) WHERE deleted_at IS NULL`,
  `CREATE INDEX customers_tags ON customers USING gin (tags)`,
  // Lists: everybody's, and an owner's, in each order that may be asked for.
  `CREATE INDEX customers_by_created_on ON customers (created_on, id)`,
  `CREATE INDEX customers_by_name ON customers (name, id)`,
  `CREATE INDEX customers_by_updated_at ON customers (updated_at, id)`,
  `CREATE INDEX customers_of_owner ON customers (owner_id, created_on, id)`,
  `CREATE INDEX customers_of_status ON customers (status_id, created_on, id)`,

  // A table of its own, so that a change of owner or status doesn't touch the large index of characters.
  `CREATE TABLE customer_names (
    customer_id uuid PRIMARY KEY CONSTRAINT customer_names_customer REFERENCES customers (id),
    name_folded text NOT NULL,
    keyword_folded text NOT NULL,
    name_core text NOT NULL,
    search_text text NOT NULL,
    search_grams text[] NOT NULL,
    deleted boolean NOT NULL
  )`,
  // The duplicate warning: an existing keyword inside the new name, the new keyword inside an existing name, same core.
  `CREATE INDEX customer_names_keyword ON customer_names (keyword_folded, customer_id) WHERE NOT deleted`,
  `CREATE INDEX customer_names_core ON customer_names (name_core, customer_id) WHERE NOT deleted`,
  // Without a list of pending entries, which every probe of an import would read through.
  `CREATE INDEX customer_names_grams ON customer_names USING gin (search_grams) WITH (fastupdate = off)`,

  `CREATE TABLE owner_access (
    owner_id uuid PRIMARY KEY,
    version integer NOT NULL
  )`,

  `CREATE TABLE delegations (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    owner_id uuid NOT NULL,
    delegate_id uuid NOT NULL,
    scope text NOT NULL CONSTRAINT delegations_scope CHECK (scope IN ('customers', 'all')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    revoked_at timestamptz,
    revoked_by uuid,
    version integer NOT NULL DEFAULT 1
  )`,
  `CREATE INDEX delegations_of_owner ON delegations (owner_id, id)`,
  `CREATE INDEX delegations_of_delegate ON delegations (delegate_id, id)`,
  `CREATE TABLE delegation_customers (
    delegation_id uuid NOT NULL CONSTRAINT delegation_customers_delegation REFERENCES delegations (id),
    customer_id uuid NOT NULL CONSTRAINT delegation_customers_customer REFERENCES customers (id),
    PRIMARY KEY (delegation_id, customer_id)
  )`,
  `CREATE INDEX delegation_customers_of_customer ON delegation_customers (customer_id)`,

  `CREATE TABLE transfers (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    from_user_ids uuid[] NOT NULL,
    to_user_id uuid NOT NULL,
    customer_count integer NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    undone_at timestamptz,
    undone_by uuid
  )`,
  `CREATE INDEX transfers_given ON transfers USING gin (from_user_ids)`,
  `CREATE INDEX transfers_received ON transfers (to_user_id, id)`,
  `CREATE INDEX transfers_made ON transfers (made_by, id)`,
  `CREATE TABLE transfer_customers (
    transfer_id uuid NOT NULL CONSTRAINT transfer_customers_transfer REFERENCES transfers (id),
    customer_id uuid NOT NULL CONSTRAINT transfer_customers_customer REFERENCES customers (id),
    from_owner_id uuid NOT NULL,
    previous_transfer_id uuid,
    PRIMARY KEY (transfer_id, customer_id)
  )`,

  `CREATE TABLE duplicate_probes (
    actor_id uuid PRIMARY KEY,
    window_started_at timestamptz NOT NULL,
    count integer NOT NULL
  )`,
];

export class Customers20261123000000 implements MigrationInterface {
  name = 'Customers20261123000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...own, idempotencyTable, ...importTables]) await runner.query(statement);
    await messaging.up(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await messaging.down(runner);
    await runner.query(dropImportTables);
    await runner.query(
      `DROP TABLE idempotency, duplicate_probes, transfer_customers, transfers, delegation_customers, delegations,
         owner_access, customer_names, customers, customer_statuses, users`,
    );
  }
}

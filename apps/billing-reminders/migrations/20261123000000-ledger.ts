import type { MigrationInterface, QueryRunner } from 'typeorm';
import * as messaging from '#messaging/tables';
import { idempotencyTable } from '#platform/idempotency';

/** What this service learns from the others. No foreign keys: a payment may be told of before its purchase. */
const projections = [
  `CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    display_name text NOT NULL,
    email text,
    role text NOT NULL,
    active boolean NOT NULL,
    version integer NOT NULL
  )`,

  `CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    folded_name text NOT NULL,
    owner_id uuid NOT NULL,
    code text,
    language text,
    deleted boolean NOT NULL,
    version integer NOT NULL
  )`,
  `CREATE INDEX customers_owner ON customers (owner_id)`,
  `CREATE TABLE owner_versions (
    owner_id uuid PRIMARY KEY,
    version integer NOT NULL
  )`,

  // paid: the sum of the purchase's ledger entries. settled_on: the day from which nothing is owed, whatever is asked
  // for later; null while something is. Both are written with the entries, in one transaction.
  `CREATE TABLE charges (
    purchase_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    product_name text NOT NULL,
    folded_product text NOT NULL,
    payable numeric(18,2) NOT NULL,
    paid numeric(18,2) NOT NULL DEFAULT 0,
    sold_on date NOT NULL,
    due_on date NOT NULL,
    settled_on date,
    voided_on date,
    annual_fee numeric(18,2),
    service_ends_on date,
    remind boolean NOT NULL,
    version integer NOT NULL
  )`,
  `CREATE INDEX charges_customer ON charges (customer_id)`,
  `CREATE INDEX charges_settled ON charges (settled_on)`,
  `CREATE INDEX charges_service_end ON charges (service_ends_on, purchase_id) WHERE remind AND voided_on IS NULL`,
  `CREATE INDEX charges_overdue_slot ON charges ((uuid_hash(purchase_id) & 63), due_on)
   WHERE paid < payable AND voided_on IS NULL`,
  `CREATE INDEX charges_service_end_slot ON charges ((uuid_hash(purchase_id) & 63), service_ends_on)
   WHERE remind AND voided_on IS NULL`,

  `CREATE TABLE ledger_entries (
    payment_id uuid PRIMARY KEY,
    purchase_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    paid_on date NOT NULL
  )`,
  `CREATE INDEX ledger_entries_purchase ON ledger_entries (purchase_id) INCLUDE (paid_on, amount)`,
];

export class Ledger20261123000000 implements MigrationInterface {
  name = 'Ledger20261123000000';

  async up(runner: QueryRunner): Promise<void> {
    await messaging.up(runner);
    await runner.query(idempotencyTable);
    for (const statement of projections) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ledger_entries, charges, owner_versions, customers, users, idempotency`);
    await messaging.down(runner);
  }
}

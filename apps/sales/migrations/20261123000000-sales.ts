import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropImportTables, importTables } from '#imports/tables';
import * as messaging from '#messaging/tables';
import { idempotencyTable } from '#platform/idempotency';

const own = [
  `CREATE TABLE product_categories (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    name_folded text NOT NULL,
    parent_id uuid CONSTRAINT product_categories_parent REFERENCES product_categories,
    position integer NOT NULL,
    version integer NOT NULL DEFAULT 1
  )`,
  `CREATE UNIQUE INDEX product_categories_name ON product_categories (parent_id, name_folded) NULLS NOT DISTINCT`,

  `CREATE TABLE products (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    code text NOT NULL,
    code_folded text NOT NULL,
    name text NOT NULL,
    search text NOT NULL,
    category_id uuid CONSTRAINT products_category REFERENCES product_categories,
    unit text NOT NULL,
    guide_price numeric(18, 2) NOT NULL,
    kind text NOT NULL,
    annual_fee numeric(18, 2),
    service_months integer,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT products_kind CHECK (kind IN ('goods', 'service'))
  )`,
  `CREATE UNIQUE INDEX products_code ON products (code_folded)`,
  `CREATE INDEX products_of_category ON products (category_id, code_folded)`,

  `CREATE TABLE purchases (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    customer_id uuid NOT NULL,
    product_id uuid NOT NULL CONSTRAINT purchases_product REFERENCES products,
    product_code text NOT NULL,
    product_name text NOT NULL,
    unit text NOT NULL,
    quantity numeric(15, 3) NOT NULL,
    guide_price numeric(18, 2) NOT NULL,
    unit_price numeric(18, 2) NOT NULL,
    payable numeric(18, 2) NOT NULL,
    paid numeric(18, 2) NOT NULL DEFAULT 0,
    sold_on date NOT NULL,
    due_on date NOT NULL,
    sold_by_id uuid NOT NULL,
    annual_fee numeric(18, 2),
    service_ends_on date,
    remind boolean NOT NULL,
    ref text,
    voided_on date,
    void_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT purchases_payable CHECK (payable = round(quantity * unit_price, 2)),
    CONSTRAINT purchases_paid CHECK (paid BETWEEN 0 AND payable),
    CONSTRAINT purchases_remind CHECK (NOT remind OR (annual_fee IS NOT NULL AND service_ends_on IS NOT NULL)),
    CONSTRAINT purchases_voided CHECK (voided_on IS NULL OR (paid = 0 AND void_reason IS NOT NULL))
  )`,
  `CREATE UNIQUE INDEX purchases_ref ON purchases (ref)`,
  `CREATE INDEX purchases_of_customer ON purchases (customer_id, sold_on, id)`,
  `CREATE INDEX purchases_of_product ON purchases (product_id)`,

  `CREATE TABLE payments (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    purchase_id uuid NOT NULL CONSTRAINT payments_purchase REFERENCES purchases,
    amount numeric(18, 2) NOT NULL,
    paid_on date NOT NULL,
    method text NOT NULL,
    reference text,
    note text,
    reverses_id uuid CONSTRAINT payments_reverses REFERENCES payments,
    ref text,
    recorded_by_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT payments_amount CHECK (amount <> 0)
  )`,
  `CREATE UNIQUE INDEX payments_ref ON payments (ref)`,
  `CREATE UNIQUE INDEX payments_reversed_once ON payments (reverses_id)`,
  `CREATE INDEX payments_of_purchase ON payments (purchase_id, paid_on, id)`,

  // Nothing else writes purchases.paid, and no payment is ever changed: so it is the sum of the ledger, always.
  `CREATE FUNCTION payments_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE purchases p SET paid = p.paid + booked.amount
    FROM (SELECT purchase_id, sum(amount) AS amount FROM entered GROUP BY purchase_id) booked
    WHERE p.id = booked.purchase_id;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER payments_add_up AFTER INSERT ON payments REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION payments_add_up()`,
  `CREATE FUNCTION payments_stand() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'payments are a ledger: reverse an entry instead' USING ERRCODE = 'restrict_violation';
  END $$`,
  `CREATE TRIGGER payments_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON payments
    FOR EACH STATEMENT EXECUTE FUNCTION payments_stand()`,
];

export class Sales20261123000000 implements MigrationInterface {
  name = 'Sales20261123000000';

  async up(runner: QueryRunner): Promise<void> {
    await messaging.up(runner);
    for (const statement of [idempotencyTable, ...importTables, ...own]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE payments, purchases, products, product_categories, idempotency`);
    await runner.query(`DROP FUNCTION payments_add_up(), payments_stand()`);
    await runner.query(dropImportTables);
    await messaging.down(runner);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const own = [
  // One row for each year, held by whoever takes a number until his quote stands: none is lost and none comes twice.
  `CREATE TABLE quote_numbers (
    year integer PRIMARY KEY,
    last integer NOT NULL
  )`,
  `CREATE TABLE quotes (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    customer_id uuid NOT NULL,
    number text NOT NULL,
    quoted_on date NOT NULL,
    valid_until date,
    note text,
    state text NOT NULL,
    purchase_ids uuid[] NOT NULL DEFAULT '{}',
    created_by_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT quotes_state CHECK (state IN ('draft', 'sent', 'accepted', 'rejected', 'converted')),
    CONSTRAINT quotes_valid CHECK (valid_until >= quoted_on)
  )`,
  `CREATE UNIQUE INDEX quotes_number ON quotes (number)`,
  `CREATE INDEX quotes_of_customer ON quotes (customer_id, quoted_on, id)`,
  `CREATE TABLE quote_lines (
    quote_id uuid NOT NULL CONSTRAINT quote_lines_quote REFERENCES quotes,
    place integer NOT NULL,
    product_id uuid CONSTRAINT quote_lines_product REFERENCES products,
    description text NOT NULL,
    unit text,
    quantity numeric(15, 3) NOT NULL,
    unit_price numeric(18, 2) NOT NULL,
    guide_price numeric(18, 2),
    amount numeric(18, 2) NOT NULL,
    PRIMARY KEY (quote_id, place),
    CONSTRAINT quote_lines_amount CHECK (amount = round(quantity * unit_price, 2))
  )`,
  `CREATE INDEX quote_lines_of_product ON quote_lines (product_id, quote_id)`,
];

export class Quotes20261128130300 implements MigrationInterface {
  name = 'Quotes20261128130300';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of own) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE quote_lines, quotes, quote_numbers`);
  }
}

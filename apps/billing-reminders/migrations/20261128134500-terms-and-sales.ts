import type { MigrationInterface, QueryRunner } from 'typeorm';

const steps = [
  `ALTER TABLE users ADD COLUMN team_id uuid`,

  // What the catalogue says of a product. It may be told of after its purchases.
  `CREATE TABLE products (
    id uuid PRIMARY KEY,
    service_fee_lead text,
    version integer NOT NULL
  )`,
  `ALTER TABLE charges ADD COLUMN product_id uuid`,
  // What was here before is told once more by \`republish\`, and then taken for news.
  `UPDATE users SET version = 0`,
  `UPDATE charges SET version = 0`,

  `CREATE INDEX charges_sold ON charges (sold_on, purchase_id)`,

  // What each owner's customers of now were sold in a month. Kept with charges and customers, in their transactions.
  `CREATE TABLE sales_by_month (
    owner_id uuid NOT NULL,
    month date NOT NULL,
    purchases integer NOT NULL,
    amount numeric(20,2) NOT NULL,
    PRIMARY KEY (owner_id, month)
  )`,
  `INSERT INTO sales_by_month (owner_id, month, purchases, amount)
   SELECT k.owner_id, date_trunc('month', c.sold_on)::date, count(*), sum(c.payable)
   FROM charges c JOIN customers k ON k.id = c.customer_id
   WHERE NOT k.deleted AND c.voided_on IS NULL GROUP BY 1, 2`,
];

export class TermsAndSales20261128134500 implements MigrationInterface {
  name = 'TermsAndSales20261128134500';

  async up(runner: QueryRunner): Promise<void> {
    for (const step of steps) await runner.query(step);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE sales_by_month, products`);
    await runner.query(`DROP INDEX charges_sold`);
    await runner.query(`ALTER TABLE charges DROP COLUMN product_id`);
    await runner.query(`ALTER TABLE users DROP COLUMN team_id`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Empty in what was sold before, and in what an older version writes: there the end date is its own anchor. */
export class Renewals20261128130400 implements MigrationInterface {
  name = 'Renewals20261128130400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE products ADD COLUMN service_fee_lead text`);
    await runner.query(
      `ALTER TABLE purchases
         ADD COLUMN service_anchor_on date,
         ADD COLUMN service_months integer,
         ADD COLUMN renews_id uuid CONSTRAINT purchases_renews REFERENCES purchases`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE purchases DROP COLUMN service_anchor_on, DROP COLUMN service_months,
      DROP COLUMN renews_id`);
    await runner.query(`ALTER TABLE products DROP COLUMN service_fee_lead`);
  }
}

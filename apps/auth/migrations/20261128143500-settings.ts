import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Settings20261128143500 implements MigrationInterface {
  name = 'Settings20261128143500';

  async up(runner: QueryRunner): Promise<void> {
    // No row until something is changed.
    await runner.query(
      `CREATE TABLE settings (
        single boolean PRIMARY KEY DEFAULT true CONSTRAINT settings_single CHECK (single),
        organisation_name text NOT NULL,
        letterhead jsonb NOT NULL,
        currency text NOT NULL,
        payment_term_days integer NOT NULL,
        service_fee_lead text NOT NULL,
        calendar jsonb NOT NULL,
        mail jsonb NOT NULL,
        version integer NOT NULL
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settings`);
  }
}

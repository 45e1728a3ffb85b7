import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Settings20261128170200 implements MigrationInterface {
  name = 'Settings20261128170200';

  async up(runner: QueryRunner): Promise<void> {
    // What auth tells of the organisation, as far as sales goes by it; no row until something was changed there.
    await runner.query(
      `CREATE TABLE settings (
        single boolean PRIMARY KEY DEFAULT true CONSTRAINT settings_single CHECK (single),
        payment_term_days integer NOT NULL,
        version integer NOT NULL
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settings`);
  }
}

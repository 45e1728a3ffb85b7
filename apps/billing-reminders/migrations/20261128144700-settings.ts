import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Settings20261128144700 implements MigrationInterface {
  name = 'Settings20261128144700';

  async up(runner: QueryRunner): Promise<void> {
    // What auth tells of the organisation; no row until something was changed there.
    await runner.query(
      `CREATE TABLE settings (
        single boolean PRIMARY KEY DEFAULT true CONSTRAINT settings_single CHECK (single),
        settings jsonb NOT NULL,
        version integer NOT NULL
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settings`);
  }
}

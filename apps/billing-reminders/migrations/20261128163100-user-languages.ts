import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UserLanguages20261128163100 implements MigrationInterface {
  name = 'UserLanguages20261128163100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN language text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users DROP COLUMN language`);
  }
}

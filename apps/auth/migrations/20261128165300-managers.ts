import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The role of whoever reads everything of the teams under him. */
export class Managers20261128165300 implements MigrationInterface {
  name = 'Managers20261128165300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(roles(['salesperson', 'manager', 'finance', 'administrator']));
  }

  /** Who was a manager keeps what is his own. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE users SET role = 'salesperson', version = version + 1 WHERE role = 'manager'`);
    await runner.query(roles(['salesperson', 'finance', 'administrator']));
  }
}

const roles = (names: string[]) =>
  `ALTER TABLE users DROP CONSTRAINT users_role,
     ADD CONSTRAINT users_role CHECK (role IN (${names.map((name) => `'${name}'`).join(', ')}))`;

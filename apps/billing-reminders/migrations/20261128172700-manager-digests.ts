import type { MigrationInterface, QueryRunner } from 'typeorm';

const allow = (table: string, kinds: string) => [
  `ALTER TABLE ${table} DROP CONSTRAINT ${table}_kind`,
  `ALTER TABLE ${table} ADD CONSTRAINT ${table}_kind CHECK (kind IN (${kinds}))`,
];
const both = (kinds: string) => ['digest_subscriptions', 'digests'].flatMap((table) => allow(table, kinds));

export class ManagerDigests20261128172700 implements MigrationInterface {
  name = 'ManagerDigests20261128172700';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of both(`'finance', 'manager', 'salesperson'`)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM digests WHERE kind = 'manager'`);
    await runner.query(`DELETE FROM digest_subscriptions WHERE kind = 'manager'`);
    for (const statement of both(`'finance', 'salesperson'`)) await runner.query(statement);
  }
}

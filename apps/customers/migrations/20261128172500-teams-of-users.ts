import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What customers are counted by beside their owners. Who may see what is not judged by it (ADR 12). */
export class TeamsOfUsers20261128172500 implements MigrationInterface {
  name = 'TeamsOfUsers20261128172500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN team_id uuid`);
    // What was here before is told once more by `republish`, and then taken for news.
    await runner.query(`UPDATE users SET version = 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users DROP COLUMN team_id`);
  }
}

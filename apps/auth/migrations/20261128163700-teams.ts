import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams as a tree. Users could name one before there were any: what they named becomes a team at the top. */
export class Teams20261128163700 implements MigrationInterface {
  name = 'Teams20261128163700';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE teams (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        name_folded text NOT NULL,
        parent_id uuid CONSTRAINT teams_parent REFERENCES teams (id),
        position integer NOT NULL,
        version integer NOT NULL
      )`,
      `CREATE UNIQUE INDEX teams_name ON teams (parent_id, name_folded) NULLS NOT DISTINCT`,
      `INSERT INTO teams (id, name, name_folded, position, version)
       SELECT team_id, 'Team ' || place, 'team ' || place, place - 1, 1
       FROM (SELECT team_id, row_number() OVER (ORDER BY team_id) AS place
             FROM users WHERE team_id IS NOT NULL GROUP BY team_id) named`,
      `ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team_id) REFERENCES teams (id)`,
      `CREATE INDEX users_of_team ON users (team_id)`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX users_of_team`);
    await runner.query(`ALTER TABLE users DROP CONSTRAINT users_team`);
    await runner.query(`DROP TABLE teams`);
  }
}

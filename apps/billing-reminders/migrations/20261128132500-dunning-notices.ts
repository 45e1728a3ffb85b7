import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  // One row for each year. Whoever issues letters holds it until they stand: what fails gives its numbers back.
  `CREATE TABLE dunning_notice_numbers (
    year integer PRIMARY KEY,
    last integer NOT NULL
  )`,
  // content: the letter as it was issued, with everything on it.
  `CREATE TABLE dunning_notices (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    number text NOT NULL CONSTRAINT dunning_notices_number UNIQUE,
    customer_id uuid NOT NULL,
    folded_name text NOT NULL,
    issued_on date NOT NULL,
    issued_by_id uuid NOT NULL,
    issued_for_id uuid,
    content jsonb NOT NULL,
    created_at timestamptz NOT NULL
  )`,
  `CREATE INDEX dunning_notices_customer ON dunning_notices (customer_id, id)`,
  `CREATE TABLE dunning_notice_prints (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    notice_id uuid NOT NULL REFERENCES dunning_notices (id),
    printed_at timestamptz NOT NULL,
    user_id uuid NOT NULL
  )`,
  `CREATE INDEX dunning_notice_prints_notice ON dunning_notice_prints (notice_id, id)`,
];

export class DunningNotices20261128132500 implements MigrationInterface {
  name = 'DunningNotices20261128132500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE dunning_notice_prints, dunning_notices, dunning_notice_numbers`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a leaver held, given away in one act: the transfers that it was made of name it. */
export class HandOvers20261128173100 implements MigrationInterface {
  name = 'HandOvers20261128173100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE hand_overs (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL,
        customer_count integer NOT NULL,
        reason text NOT NULL,
        delegation_ids uuid[] NOT NULL DEFAULT '{}',
        made_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT app.now(),
        undone_at timestamptz,
        undone_by uuid
      )`,
    );
    await runner.query(
      `ALTER TABLE transfers ADD COLUMN hand_over_id uuid CONSTRAINT transfers_hand_over REFERENCES hand_overs (id)`,
    );
    await runner.query(
      `CREATE INDEX transfers_of_hand_over ON transfers (hand_over_id) WHERE hand_over_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE transfers DROP COLUMN hand_over_id`);
    await runner.query(`DROP TABLE hand_overs`);
  }
}

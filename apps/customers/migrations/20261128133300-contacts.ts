import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The people at customers, and what was said with them. */
export class Contacts20261128133300 implements MigrationInterface {
  name = 'Contacts20261128133300';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE contacts (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        customer_id uuid NOT NULL CONSTRAINT contacts_customer REFERENCES customers (id),
        name text NOT NULL,
        title text,
        phone text,
        mobile text,
        email text,
        wechat text,
        birthday date,
        note text,
        is_primary boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT app.now(),
        updated_at timestamptz NOT NULL DEFAULT app.now(),
        deleted_at timestamptz,
        version integer NOT NULL DEFAULT 1
      )`,
      `CREATE INDEX contacts_of_customer ON contacts (customer_id, id)`,
      `CREATE UNIQUE INDEX contacts_primary ON contacts (customer_id) WHERE is_primary AND deleted_at IS NULL`,

      `CREATE TABLE follow_ups (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        customer_id uuid NOT NULL CONSTRAINT follow_ups_customer REFERENCES customers (id),
        kind text NOT NULL CONSTRAINT follow_ups_kind CHECK (kind IN ('call', 'visit', 'message', 'email', 'other')),
        content text NOT NULL,
        occurred_at timestamptz NOT NULL,
        next_on date,
        by_user_id uuid NOT NULL,
        for_user_id uuid,
        created_at timestamptz NOT NULL DEFAULT app.now()
      )`,
      `CREATE INDEX follow_ups_of_customer ON follow_ups (customer_id, occurred_at, id)`,

      // The first is also made where customers are filtered by it.
      `ALTER TABLE customers ADD COLUMN IF NOT EXISTS last_follow_up_on date`,
      `ALTER TABLE customers ADD COLUMN next_follow_up_on date`,
      `CREATE INDEX customers_to_follow_up ON customers (next_follow_up_on, id) WHERE next_follow_up_on IS NOT NULL`,
      `CREATE INDEX customers_of_owner_to_follow_up ON customers (owner_id, next_follow_up_on, id)
        WHERE next_follow_up_on IS NOT NULL`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE customers DROP COLUMN next_follow_up_on`);
    await runner.query(`DROP TABLE follow_ups, contacts`);
  }
}

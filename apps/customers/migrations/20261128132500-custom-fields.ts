import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fields that the administrator defines, what customers are filtered by in them, and when each was last spoken to. */
export class CustomFields20261128132500 implements MigrationInterface {
  name = 'CustomFields20261128132500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE custom_fields (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        key text NOT NULL,
        label text NOT NULL,
        type text NOT NULL,
        options text[],
        required boolean NOT NULL,
        position integer NOT NULL,
        deleted_at timestamptz,
        version integer NOT NULL DEFAULT 1
      )`,
      `CREATE UNIQUE INDEX custom_fields_key ON custom_fields (key)`,

      // An array like the tags, because of arrays PostgreSQL knows how frequent each element is, and of jsonb it doesn't.
      `ALTER TABLE customers ADD COLUMN custom_terms text[] NOT NULL DEFAULT '{}'`,
      `CREATE INDEX customers_custom_terms ON customers USING gin (custom_terms)`,

      `ALTER TABLE customers ADD COLUMN last_follow_up_on date`,
      `CREATE INDEX customers_by_last_follow_up ON customers (coalesce(last_follow_up_on, '-infinity'))`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE customers DROP COLUMN custom_terms, DROP COLUMN last_follow_up_on`);
    await runner.query(`DROP TABLE custom_fields`);
  }
}

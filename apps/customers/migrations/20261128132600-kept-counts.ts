import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COUNTED_ANEW, countedBy } from '../src/counts/counts.sql.js';

/**
 * How many customers an owner has of each status, month and tag. Customers are written in many places, also many at
 * once; a trigger can be forgotten in none of them. Rows are locked in one order, so that two writers wait for each
 * other instead of both for ever.
 */
export class KeptCounts20261128132600 implements MigrationInterface {
  name = 'KeptCounts20261128132600';

  async up(runner: QueryRunner): Promise<void> {
    const keeping = (changes: string) => `
      INSERT INTO customer_counts AS kept (kind, owner_id, value, count)
      SELECT kind, owner_id, value, sum(step) FROM (${changes}) changed
      GROUP BY kind, owner_id, value HAVING sum(step) <> 0 ORDER BY kind, owner_id, value
      ON CONFLICT (kind, owner_id, value) DO UPDATE SET count = kept.count + excluded.count;`;
    for (const statement of [
      `CREATE TABLE customer_counts (
        kind text NOT NULL,
        owner_id uuid NOT NULL,
        value text NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (kind, owner_id, value)
      )`,
      `CREATE FUNCTION customers_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN ${keeping(countedBy('written', 1))} RETURN NULL; END $$`,
      `CREATE FUNCTION customers_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN ${keeping(`${countedBy('former', -1)} UNION ALL ${countedBy('written', 1)}`)} RETURN NULL; END $$`,
      `CREATE TRIGGER customers_count_new AFTER INSERT ON customers REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION customers_count_new()`,
      `CREATE TRIGGER customers_count_changed AFTER UPDATE ON customers
        REFERENCING OLD TABLE AS former NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION customers_count_changed()`,
      `INSERT INTO customer_counts (kind, owner_id, value, count) ${COUNTED_ANEW}`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER customers_count_new ON customers`);
    await runner.query(`DROP TRIGGER customers_count_changed ON customers`);
    await runner.query(`DROP FUNCTION customers_count_new(), customers_count_changed()`);
    await runner.query(`DROP TABLE customer_counts`);
  }
}

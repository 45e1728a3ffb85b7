import type { MigrationInterface, QueryRunner } from 'typeorm';

const ERASURE = 'hfx_customers_erasure';

/** What the erasure needs beside the log: it holds the customer, takes the contact off its list and out of the search. */
export class Erasure20261128170500 implements MigrationInterface {
  name = 'Erasure20261128170500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `GRANT UPDATE (updated_at) ON customers TO ${ERASURE}`,
      `GRANT UPDATE (is_primary, updated_at, deleted_at, version) ON contacts TO ${ERASURE}`,
      `GRANT INSERT, UPDATE ON customer_names TO ${ERASURE}`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `REVOKE UPDATE (updated_at) ON customers FROM ${ERASURE}`,
      `REVOKE UPDATE (is_primary, updated_at, deleted_at, version) ON contacts FROM ${ERASURE}`,
      `REVOKE INSERT, UPDATE ON customer_names FROM ${ERASURE}`,
      `GRANT UPDATE (search_text, search_grams) ON customer_names TO ${ERASURE}`,
    ]) {
      await runner.query(statement);
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnly } from './append-only.js';

/** The role that `personal-data.js` acts as; whoever provides the database makes it. */
const ERASURE = 'hfx_customers_erasure';

/** What was done, by whom, for whom. The service adds to it, and can change nothing in it. */
export class Log20261128133400 implements MigrationInterface {
  name = 'Log20261128133400';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE log_entries (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        at timestamptz NOT NULL DEFAULT app.now(),
        kind text NOT NULL CONSTRAINT log_entries_kind CHECK (kind IN ('operation', 'follow-up')),
        action text NOT NULL,
        resource text NOT NULL,
        resource_id text,
        customer_id uuid,
        by_user_id uuid,
        for_user_id uuid,
        delegation_id uuid,
        changes jsonb NOT NULL DEFAULT '[]',
        details jsonb NOT NULL DEFAULT '{}',
        origin text
      )`,
      // What another service did is told anew after a republish: it is the same, and adds nothing.
      `CREATE UNIQUE INDEX log_entries_origin ON log_entries (origin) WHERE origin IS NOT NULL`,
      `CREATE INDEX log_entries_of_customer ON log_entries (customer_id, at, id) WHERE customer_id IS NOT NULL`,
      `CREATE INDEX log_entries_by_time ON log_entries (at, id)`,
      `CREATE INDEX log_entries_by_user ON log_entries (by_user_id, at, id)`,
      `CREATE INDEX log_entries_by_action ON log_entries (action, at, id)`,
      `CREATE INDEX log_entries_by_resource ON log_entries (resource, at, id)`,
      `CREATE INDEX log_entries_under_delegation ON log_entries (delegation_id, at, id) WHERE delegation_id IS NOT NULL`,
      ...['log_entries', 'follow_ups'].map(appendOnly),
      `GRANT USAGE ON SCHEMA customers TO ${ERASURE}`,
      `GRANT SELECT ON contacts, follow_ups, log_entries, users, customers, customer_names TO ${ERASURE}`,
      `GRANT INSERT ON log_entries TO ${ERASURE}`,
      `GRANT UPDATE (changes, details) ON log_entries TO ${ERASURE}`,
      `GRANT UPDATE (content) ON follow_ups TO ${ERASURE}`,
      `GRANT UPDATE (name, title, phone, mobile, email, wechat, birthday, note) ON contacts TO ${ERASURE}`,
      `GRANT UPDATE (display_name) ON users TO ${ERASURE}`,
      `GRANT UPDATE (search_text, search_grams) ON customer_names TO ${ERASURE}`,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE log_entries`);
  }
}

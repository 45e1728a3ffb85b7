import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnly } from './append-only.js';

/** How much was taken away, once that is known: the log's entry of it was written before, and nothing changes that. */
export class Takeaways20261128165000 implements MigrationInterface {
  name = 'Takeaways20261128165000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE takeaways (
      entry_id uuid PRIMARY KEY CONSTRAINT takeaways_entry REFERENCES log_entries (id),
      row_count integer NOT NULL,
      complete boolean NOT NULL,
      ended_at timestamptz NOT NULL DEFAULT app.now()
    )`);
    await runner.query(appendOnly('takeaways'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE takeaways`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A pause ends on a day, and what is settled or closed is not paused. */
export class ReminderPauses20261128133100 implements MigrationInterface {
  name = 'ReminderPauses20261128133100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE reminders ADD CONSTRAINT reminders_pause
       CHECK (until IS NULL OR state IN ('acknowledged', 'snoozed', 'promised', 'disputed')) NOT VALID`,
    );
    await runner.query(
      `CREATE INDEX reminders_pause_slot ON reminders ((uuid_hash(purchase_id) & 63), until) WHERE until IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX reminders_pause_slot`);
    await runner.query(`ALTER TABLE reminders DROP CONSTRAINT reminders_pause`);
  }
}

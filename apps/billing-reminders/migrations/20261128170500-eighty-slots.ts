import type { MigrationInterface, QueryRunner } from 'typeorm';

const slotOf = (count: 64 | 80) =>
  count === 64 ? `uuid_hash(purchase_id) & 63` : `(uuid_hash(purchase_id) & 2147483647) % 80`;

/**
 * Eighty slots instead of 64: four for each of twenty workers. A worker of the last release that takes a job of the new
 * number meanwhile leaves some of its purchases out; the next day's sweep opens them, as it does all that is open still.
 */
export class EightySlots20261128170500 implements MigrationInterface {
  name = 'EightySlots20261128170500';

  up = (runner: QueryRunner) => renew(runner, 80);

  down = (runner: QueryRunner) => renew(runner, 64);
}

async function renew(runner: QueryRunner, count: 64 | 80): Promise<void> {
  await runner.query(`DROP INDEX charges_overdue_slot, charges_service_end_slot, reminders_pause_slot`);
  await runner.query(
    `CREATE INDEX charges_overdue_slot ON charges ((${slotOf(count)}), due_on)
     WHERE paid < payable AND voided_on IS NULL`,
  );
  await runner.query(
    `CREATE INDEX charges_service_end_slot ON charges ((${slotOf(count)}), service_ends_on)
     WHERE remind AND voided_on IS NULL`,
  );
  await runner.query(
    `CREATE INDEX reminders_pause_slot ON reminders ((${slotOf(count)}), until) WHERE until IS NOT NULL`,
  );
}

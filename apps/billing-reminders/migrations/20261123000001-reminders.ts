import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  // period_start: what it is about, the due date or the service end date.
  `CREATE TABLE reminders (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind IN ('service-fee', 'arrears')),
    purchase_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    period_start date NOT NULL,
    amount numeric(18,2) NOT NULL,
    state text NOT NULL DEFAULT 'open'
      CHECK (state IN ('open', 'acknowledged', 'snoozed', 'promised', 'disputed', 'settled', 'closed')),
    until date,
    promise_amount numeric(18,2),
    promise_on date,
    note text,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT reminders_once UNIQUE (kind, purchase_id, period_start)
  )`,
  `CREATE INDEX reminders_purchase ON reminders (purchase_id)`,
  `CREATE INDEX reminders_customer ON reminders (customer_id)`,
  `CREATE INDEX reminders_period ON reminders (period_start, id)`,

  // Every day until then is swept.
  `CREATE TABLE sweep_watermark (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    swept_through date NOT NULL
  )`,
  // runs: how often its jobs were put on the queue; each time they are new jobs.
  `CREATE TABLE sweeps (
    as_of date PRIMARY KEY,
    runs integer NOT NULL DEFAULT 0,
    queued_at timestamptz,
    completed_at timestamptz
  )`,
  `CREATE INDEX sweeps_running ON sweeps (as_of) WHERE completed_at IS NULL`,
  `CREATE TABLE sweep_shards (
    as_of date NOT NULL REFERENCES sweeps (as_of) ON DELETE CASCADE,
    shard integer NOT NULL,
    opened integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    PRIMARY KEY (as_of, shard)
  )`,
];

export class Reminders20261123000001 implements MigrationInterface {
  name = 'Reminders20261123000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE sweep_shards, sweeps, sweep_watermark, reminders`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  `CREATE TABLE digest_subscriptions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT digest_subscriptions_kind CHECK (kind IN ('finance', 'salesperson')),
    frequency text NOT NULL CONSTRAINT digest_subscriptions_frequency CHECK (frequency IN ('daily', 'weekly')),
    weekday integer,
    "time" text NOT NULL,
    zone text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    CONSTRAINT digest_subscriptions_weekday
      CHECK (CASE frequency WHEN 'weekly' THEN coalesce(weekday, 0) BETWEEN 1 AND 7 ELSE weekday IS NULL END)
  )`,
  `CREATE INDEX digest_subscriptions_user ON digest_subscriptions (user_id)`,

  `CREATE TABLE digests (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    subscription_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT digests_kind CHECK (kind IN ('finance', 'salesperson')),
    period_start date NOT NULL,
    period_end date NOT NULL,
    state text NOT NULL DEFAULT 'pending'
      CONSTRAINT digests_state CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    content jsonb,
    tries integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    queued_at timestamptz,
    sent_at timestamptz,
    failure text,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    CONSTRAINT digests_once UNIQUE (recipient_id, kind, period_start, period_end)
  )`,
  `CREATE INDEX digests_unsent ON digests (queued_at) WHERE state IN ('pending', 'sending')`,

  // What each purchase owed when the digest was rendered: the next one tells what has changed since.
  `CREATE TABLE digest_balances (
    digest_id uuid NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
    purchase_id uuid NOT NULL,
    balance numeric(18,2) NOT NULL,
    PRIMARY KEY (digest_id, purchase_id)
  )`,
];

export class Digests20261123000002 implements MigrationInterface {
  name = 'Digests20261123000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE digest_balances, digests, digest_subscriptions`);
  }
}

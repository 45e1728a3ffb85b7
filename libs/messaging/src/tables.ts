import type { QueryRunner } from 'typeorm';

/**
 * The tables of a service that sends or receives messages, in the schema of its search path. Needs `app.now()`.
 *
 * `outbox`          events to be published, in the order of `seq`; published ones are kept for a while, because a lost
 *                   stream is filled again from them. `published_seq`: where in the stream the event stands.
 * `outbox_streams`  which incarnation of a stream `published_seq` speaks of.
 * `inbox`           events that a consumer has dealt with.
 * `inbox_positions` how far a consumer has come, in which incarnation of its stream.
 * `parked`          messages that a consumer could not deal with. `payload` is text: it need not even be JSON.
 */
export const messagingTables: string[] = [
  `CREATE TABLE outbox (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    published_at timestamptz,
    published_seq bigint
  )`,
  `CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL`,
  `CREATE INDEX outbox_published ON outbox (published_seq) WHERE published_seq IS NOT NULL`,
  `CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('outbox_' || TG_TABLE_SCHEMA, '');
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify()`,
  `CREATE TABLE outbox_streams (
    stream text PRIMARY KEY,
    created text NOT NULL
  )`,
  `CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (consumer, event_id)
  )`,
  `CREATE INDEX inbox_age ON inbox (received_at)`,
  `CREATE TABLE inbox_positions (
    consumer text PRIMARY KEY,
    created text NOT NULL,
    seq bigint NOT NULL
  )`,
  `CREATE TABLE parked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    event_id text NOT NULL,
    subject text NOT NULL,
    payload text NOT NULL,
    error text NOT NULL,
    tries integer NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT app.now(),
    UNIQUE (consumer, event_id)
  )`,
];

/** For the service's first migration. */
export async function up(runner: QueryRunner): Promise<void> {
  for (const statement of messagingTables) await runner.query(statement);
}

export async function down(runner: QueryRunner): Promise<void> {
  await runner.query(`DROP TABLE parked, inbox_positions, inbox, outbox_streams, outbox`);
  await runner.query(`DROP FUNCTION outbox_notify()`);
}

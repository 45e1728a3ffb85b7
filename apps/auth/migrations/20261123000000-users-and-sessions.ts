import type { MigrationInterface, QueryRunner } from 'typeorm';
import * as messaging from '#messaging/tables';
import { idempotencyTable } from '#platform/idempotency';

const own = [
  `CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL CONSTRAINT users_role CHECK (role IN ('salesperson', 'finance', 'administrator')),
    email text,
    team_id uuid,
    active boolean NOT NULL,
    must_change_password boolean NOT NULL,
    password_hash text NOT NULL,
    revocations integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL
  )`,
  `CREATE UNIQUE INDEX users_username ON users (username)`,

  `CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT sessions_user REFERENCES users (id),
    generation integer NOT NULL,
    opened_at timestamptz NOT NULL,
    rotated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL))
  )`,
  `CREATE INDEX sessions_live ON sessions (user_id) WHERE ended_at IS NULL`,

  // A rotated token is known again by its hash until its session is purged: that is how reuse shows.
  `CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    generation integer NOT NULL,
    CONSTRAINT refresh_tokens_one_line UNIQUE (session_id, generation)
  )`,

  `CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    public_jwk jsonb NOT NULL,
    sealed_jwk text NOT NULL,
    signs_from timestamptz NOT NULL
  )`,

  `CREATE TABLE login_counters (
    key text PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL
  )`,
  `CREATE TABLE known_addresses (
    account text NOT NULL,
    address text NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (account, address)
  )`,
];

export class UsersAndSessions20261123000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await messaging.up(runner);
    await runner.query(idempotencyTable);
    for (const statement of own) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE known_addresses, login_counters, signing_keys, refresh_tokens, sessions, users`);
    await runner.query(`DROP TABLE idempotency`);
    await messaging.down(runner);
  }
}

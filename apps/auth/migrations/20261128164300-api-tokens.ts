import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiTokens20261128164300 implements MigrationInterface {
  name = 'ApiTokens20261128164300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE api_tokens (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT api_tokens_user REFERENCES users (id),
        name text NOT NULL,
        permissions text[] NOT NULL,
        hash bytea NOT NULL,
        hint text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz
      )`,
    );
    await runner.query(`CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash)`);
    await runner.query(`CREATE INDEX api_tokens_of_user ON api_tokens (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE api_tokens`);
  }
}

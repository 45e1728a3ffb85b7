import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which delegations began or ran out within the last second is asked all the time. */
export class DelegationsByTime20261128133100 implements MigrationInterface {
  name = 'DelegationsByTime20261128133100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX delegations_by_start ON delegations (starts_at) WHERE revoked_at IS NULL`);
    await runner.query(`CREATE INDEX delegations_by_end ON delegations (ends_at) WHERE revoked_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX delegations_by_start, delegations_by_end`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const ERASURE = 'hfx_customers_erasure';

/** The erasure tells of the contacts that it takes off the list: who looks at one of them is not to go on seeing it. */
export class ErasureTold20261129060000 implements MigrationInterface {
  name = 'ErasureTold20261129060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT INSERT ON outbox TO ${ERASURE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE INSERT ON outbox FROM ${ERASURE}`);
  }
}

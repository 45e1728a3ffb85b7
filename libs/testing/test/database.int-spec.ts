import type { MigrationInterface, QueryRunner } from 'typeorm';
import { testDatabase, type TestDatabase } from '../src/database.js';

class Notes1700000000000 implements MigrationInterface {
  name = 'Notes1700000000000';
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE note (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT app.now())');
  }
  async down(runner: QueryRunner) {
    await runner.query('DROP TABLE note');
  }
}

const open = () => testDatabase({ service: 'sales', migrations: [Notes1700000000000], entities: [] });

describe('a test database', () => {
  let one: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    one = await open();
    other = await open();
  });
  afterAll(() => Promise.all([one.close(), other.close()]));

  it('is migrated, and apart from every other', async () => {
    await one.dataSource.query('INSERT INTO note VALUES (1)');
    expect(await one.dataSource.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
    expect(await other.dataSource.query('SELECT id FROM note')).toEqual([]);
  });

  it('lets a test set its clock, for one transaction', async () => {
    await one.dataSource.transaction(async (tx) => {
      await tx.query(`SET LOCAL app.now = '2024-02-29T00:00:00Z'`);
      expect(await tx.query(`SELECT app.now()::text AS now`)).toEqual([{ now: '2024-02-29 00:00:00+00' }]);
    });
    const [{ now }] = await one.dataSource.query<[{ now: string }]>(`SELECT app.now()::text AS now`);
    expect(now).not.toContain('2024-02-29');
  });

  it('gives the serving role no right to change the schema', async () => {
    await expect(one.dataSource.query('DROP TABLE note')).rejects.toThrow('must be owner');
  });
});

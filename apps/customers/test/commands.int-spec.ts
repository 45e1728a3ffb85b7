import type { TestDatabase } from '#testing/database';
import { plantStatuses } from '../src/status/planting.js';
import { migrations } from '../src/data-source.js';
import { database } from './fixture.js';

let db: TestDatabase;
const before = process.env['DATABASE_URL'];
beforeAll(async () => (db = await database()), 60_000);
afterAll(async () => {
  if (before === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = before;
  await db.close();
});

it('migrates what is migrated already without a change', async () => {
  process.env['DATABASE_URL'] = db.ownerUrl;
  await import('../src/migrate.js');
  expect(await db.ownerDataSource.query(`SELECT name FROM migrations`)).toEqual(
    migrations.map((Migration) => ({ name: new Migration().name })),
  );
});

it('creates the first statuses, with the first as the default, once', async () => {
  process.env['DATABASE_URL'] = db.url;
  await import('../src/seed.js');
  expect(await plantStatuses(db.dataSource)).toEqual([]);
  const statuses = await db.dataSource.query(`SELECT name, is_default FROM customer_statuses ORDER BY position`);
  expect(statuses).toEqual([
    { name: '意向客户', is_default: true },
    { name: '正式客户', is_default: false },
  ]);
});

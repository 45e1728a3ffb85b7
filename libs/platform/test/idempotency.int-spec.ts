import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { isTransient } from '#messaging/faults';
import type { Call } from '#messaging/handles';
import { dataSourceOptions } from '#platform/database';
import { Idempotency, idempotencyTable } from '#platform/idempotency';
import { testDatabase, type TestDatabase } from '#testing/database';
import { Link } from '#testing/link';
import { actor } from '#testing/service';

class Idempotent20261123000000 implements MigrationInterface {
  name = 'Idempotent20261123000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(idempotencyTable);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency');
  }
}

describe('an idempotency key', () => {
  const me = actor(crypto.randomUUID());
  const callOf = (key: string, subject = 'rpc.sales.thing.make', who = me) =>
    ({ actor: who, subject, idempotencyKey: key }) as Call;
  let db: TestDatabase;
  let effects: number;
  beforeAll(async () => {
    db = await testDatabase({ service: 'sales', migrations: [Idempotent20261123000000], entities: [] });
  });
  afterAll(() => db?.close());
  beforeEach(() => (effects = 0));

  const once = (call: Call, request: unknown) =>
    db.dataSource.transaction((tx) =>
      new Idempotency(db.dataSource).once(tx, call, request, async () => ({ id: (effects += 1) })),
    );

  it('lets the same request take effect once, also when it comes twice at a time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => once(callOf('a'), { n: 1 })));
    expect(answers).toEqual([{ id: 1 }, { id: 1 }, { id: 1 }]);
    expect(effects).toBe(1);
  });

  it.each([
    ['another input', callOf('b'), { n: 2 }],
    ['the same input to another purpose', callOf('b', 'rpc.sales.thing.unmake'), { n: 1 }],
  ])('is refused with %s', async (_what, call, request) => {
    await once(callOf('b'), { n: 1 });
    await expect(once(call, request)).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
  });

  it('is free again after a day, whether it has been cleared away or not', async () => {
    const aDayLater = `UPDATE idempotency SET created_at = created_at - interval '25 hours'`;
    await once(callOf('d'), { n: 1 });
    await db.dataSource.query(aDayLater);
    expect(await once(callOf('d'), { n: 2 })).toEqual({ id: 2 });
    await expect(once(callOf('d'), { n: 1 })).rejects.toMatchObject({ slug: 'idempotency-key-reused' });

    await db.dataSource.query(aDayLater);
    await once(callOf('e'), { n: 1 });
    await new Idempotency(db.dataSource).forget();
    const left = await db.dataSource.query<{ key: string }[]>('SELECT key FROM idempotency');
    expect(left).toEqual([{ key: 'e' }]);
  });

  it('is each actor’s own', async () => {
    await once(callOf('c'), { n: 1 });
    await once(callOf('c', undefined, actor(crypto.randomUUID())), { n: 1 });
    expect(effects).toBe(2);
  });

  it('takes effect once though the answer to COMMIT is lost on its way, and the caller is soon told to come again', async () => {
    const link = await Link.open();
    const url = new URL(db.url);
    link.target = Number(url.port);
    url.port = String(link.port);
    const config = { DATABASE_URL: url.href, DATABASE_POOL: 2, DATABASE_SILENCE_MS: 1_000 };
    const far = await new DataSource(dataSourceOptions('sales', config, { entities: [], migrations: [] })).initialize();
    try {
      const ask = (before: () => void) =>
        far.transaction(async (tx) => {
          const result = await new Idempotency(far).once(tx, callOf('f'), {}, async () => ({ id: (effects += 1) }));
          before();
          return result;
        });
      const lost = await ask(() => link.cut('lost', 'down')).catch((error: unknown) => error);
      expect(isTransient(lost)).toBe(true);
      link.mend();
      expect(await ask(() => {})).toEqual({ id: 1 });
      expect(effects).toBe(1);
    } finally {
      await far.destroy();
      await link.close();
    }
  }, 30_000);
});

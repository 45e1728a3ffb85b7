import { Module, type DynamicModule } from '@nestjs/common';
import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { userChanged } from '#contracts/auth';
import { customerChanged } from '#contracts/customers';
import { park } from '#messaging/parked';
import { Projection, type ParsedEvent } from '#messaging/projection';
import { Republishes, type StateEvent } from '#messaging/republish';
import { down, up } from '#messaging/tables';
import type { BaseConfig } from '#platform/config';
import { maintain } from '#platform/maintenance';
import { platform } from '#platform/platform.module';
import type { RunningNats } from '#embedded/nats';
import { testDatabase, type TestDatabase } from '#testing/database';
import { startTestNats } from '#testing/nats';

class Maintained20261123000000 implements MigrationInterface {
  name = 'Maintained20261123000000';
  async up(runner: QueryRunner): Promise<void> {
    await up(runner);
    await runner.query('CREATE TABLE seen (id uuid PRIMARY KEY)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen');
    await down(runner);
  }
}

const ID = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
const customer = {
  ...{ id: ID, name: '中兴', keyword: '中兴', code: null, statusId: ID, ownerId: ID, createdOn: '2026-01-01' },
  ...{ paymentTermDays: null, language: null, deleted: false, action: 'republished' as const, changes: [], owners: [] },
};

@Republishes()
class States {
  async *states(): AsyncIterable<StateEvent> {
    yield { type: customerChanged, aggregateId: ID, version: 3, data: customer };
  }
}

@Projection({ name: 'customers-users', from: [userChanged] })
class Users {
  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    for (const { aggregateId } of events) await tx.query('INSERT INTO seen VALUES ($1)', [aggregateId]);
  }
}

@Module({})
class Service {}

describe('the maintenance command', () => {
  let db: TestDatabase;
  let nats: RunningNats;
  let config: BaseConfig & { DATABASE_URL: string; DATABASE_POOL: number };
  const service = (): DynamicModule => ({
    module: Service,
    imports: [platform({ service: 'customers', config, entities: [], migrations: [] })],
    providers: [States, Users],
  });

  beforeAll(async () => {
    db = await testDatabase({ service: 'customers', migrations: [Maintained20261123000000], entities: [] });
    nats = await startTestNats();
    const { user, pass } = nats.credentials('customers');
    config = {
      ...{ SERVICE_NAME: 'customers', NATS_URL: nats.url, NATS_USER: user, NATS_PASSWORD: pass, NATS_REPLICAS: 1 },
      ...{ HEALTH_PORT: 0, HEALTH_HOST: '127.0.0.1', LOG_LEVEL: 'fatal', HFX_ORG_TIME_ZONE: 'UTC' },
      ...{ HFX_SUPERVISED: false, DATABASE_URL: db.url, DATABASE_POOL: 10 },
    };
  });
  afterAll(async () => {
    await db?.close();
    await nats?.stop();
  });

  it('republishes what the service owns, through the outbox', async () => {
    expect(await maintain(service(), config, ['republish'])).toBe('Told anew: 1');
    const rows = await db.dataSource.query('SELECT subject, payload FROM outbox');
    expect(rows).toMatchObject([
      { subject: customerChanged.subject, payload: { version: 3, by: null, data: customer } },
    ]);
  });

  it('replays what a consumer has parked, and parks again what still fails', async () => {
    const user = { id: ID, username: 'x', displayName: 'x', role: 'finance', email: null, teamId: null, active: true };
    const envelope = {
      subject: userChanged.subject,
      aggregateId: ID,
      version: 1,
      at: '2026-01-01T00:00:00Z',
      by: null,
    };
    for (const [eventId, data] of [
      [ID, user],
      ['0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1b', { id: 'broken' }],
    ] as const) {
      const payload = JSON.stringify({ ...envelope, id: eventId, data });
      const message = { eventId, subject: userChanged.subject, payload };
      await park(db.dataSource.manager, 'customers-users', message, { error: new Error('once'), tries: 5 });
    }
    expect(await maintain(service(), config, ['replay', 'customers-users'])).toBe('Done: 1; parked again: 1');
    expect(await db.dataSource.query('SELECT id FROM seen')).toEqual([{ id: ID }]);
    expect(await db.dataSource.query('SELECT count(*)::int AS count FROM parked')).toEqual([{ count: 1 }]);
  });

  it.each([[[]], [['purge']], [['replay']], [['republish', 'all']]])(
    'says how it is used when told %j',
    async (args) => {
      await expect(maintain(service(), config, args)).rejects.toThrow('usage: maintain.js');
    },
  );

  it('knows its own consumers', async () => {
    await expect(maintain(service(), config, ['replay', 'billing-sales'])).rejects.toThrow('no projection or worker');
  });
});

import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { decodeJwt } from 'jose';
import type { z } from 'zod';
import * as auth from '#contracts/auth';
import type { Rpc } from '#contracts/rpc';
import { Bus, type OutgoingCall } from '#messaging/bus';
import { closeBus, connectBus } from '#messaging/connection';
import { BusServer } from '#messaging/server';
import { Clock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { startTestService } from '#testing/service';
import { AuthModule } from '../src/auth.module.js';
import type { AuthConfig } from '../src/config.js';
import { entities, migrations } from '../src/data-source.js';
import { SeedAccounts, seedAccounts } from '../src/seeding.js';

export const SECRET = 'the secret of the tests, which is long enough';
export const ADMIN = {
  username: 'admin',
  password: 'admin-password',
  role: 'administrator' as const,
  displayName: '管理员',
};
export const PASSWORD = 'sales-password';
export const sales = (username: string) => ({
  username,
  password: PASSWORD,
  role: 'salesperson' as const,
  displayName: `销售 ${username}`,
});
const HOME = '192.0.2.1';

/** Stands still, however slow the machine is, until it is put forward. */
class SteerableClock extends Clock {
  private time = super.now().getTime();
  override now(): Date {
    return new Date(this.time);
  }
  advance(seconds: number): void {
    this.time += seconds * 1_000;
  }
}

export type AuthService = Awaited<ReturnType<typeof startAuth>>;
export type Session = z.output<typeof auth.login.output>;

export const database = (): Promise<TestDatabase> => testDatabase({ service: 'auth', entities, migrations });

/**
 * Auth over real PostgreSQL and NATS, asked as the gateway asks it, with tokens that it has given itself. Of several
 * replicas NATS picks one for each request.
 */
export async function startAuth(accounts: z.input<typeof SeedAccounts> = [], { replicas = 1 } = {}) {
  const db = await database();
  const clock = new SteerableClock('Asia/Shanghai');
  const create = (more: z.input<typeof SeedAccounts>) => seedAccounts(SeedAccounts.parse(more), db.dataSource, clock);
  await create([ADMIN, ...accounts]);
  let config!: AuthConfig;
  const service = await startTestService('auth', (base) => {
    config = { ...base, DATABASE_URL: db.url, DATABASE_POOL: 10, AUTH_KEY_SECRET: SECRET, HFX_CURRENCY: 'CNY' };
    return AuthModule.forRoot(config, { checkReplies: true });
  });
  const twins: INestMicroservice[] = [];
  while (twins.length < replicas - 1) twins.push(await startTwin(config));
  // One clock for the service and the test.
  for (const app of [service.app, ...twins]) app.get(Clock).now = () => clock.now();
  const gateway = await connectBus({
    servers: service.nats.url,
    ...service.nats.credentials('gateway'),
    service: 'gateway',
  });
  const bus = new Bus(gateway);

  const ask = <I extends z.ZodType, O extends z.ZodType>(
    rpc: Rpc<I, O>,
    input: z.input<I>,
    as?: Pick<Session, 'accessToken'>,
    call: OutgoingCall = {},
  ) => bus.request(rpc, input, { ...call, token: as?.accessToken });

  const signIn = (username: string, password = PASSWORD, address = HOME, device?: string) =>
    ask(auth.login, { username, password, address, device });

  return {
    db,
    service,
    clock,
    create,
    ask,
    signIn,
    refresh: (refreshToken: string) => ask(auth.refresh, { refreshToken }),
    isAlive: async (session: Session) => (await ask(auth.checkSession, { sessionId: sessionIdOf(session) })).active,
    /** The events that are told of an aggregate, oldest first. */
    async events(aggregateId: string) {
      const rows = await db.dataSource.query<
        { subject: string; payload: { version: number; by: unknown; data: never } }[]
      >(`SELECT subject, payload FROM outbox WHERE payload->>'aggregateId' = $1 ORDER BY seq`, [aggregateId]);
      return rows.map(({ subject, payload: { version, by, data } }) => ({ subject, version, by, data }));
    },
    async close() {
      await closeBus(gateway);
      await Promise.all(twins.map((twin) => twin.close()));
      await service.close();
      await db.close();
    },
  };
}

async function startTwin(config: AuthConfig): Promise<INestMicroservice> {
  const module = AuthModule.forRoot(config, { checkReplies: true });
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
    logger: ['error', 'fatal'],
    abortOnError: false,
    inject: [BusServer],
    useFactory: (strategy: BusServer) => ({ strategy }),
  });
  await app.listen();
  return app;
}

/**
 * Lets several at once come as far as `sql` in another transaction lets them, and only then go on: so that they meet for
 * certain, and not by chance.
 */
export async function meetingAt<T>(
  { dataSource }: TestDatabase,
  [sql, ...parameters]: [sql: string, ...parameters: unknown[]],
  work: (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(sql, parameters);
    const outcomes = Promise.allSettled(work.map((one) => one()));
    await eventually(async () => {
      const [waiting] = await dataSource.query<{ count: number }[]>(
        `SELECT count(DISTINCT pid)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE NOT granted AND datname = current_database()`,
      );
      expect(waiting?.count).toBe(work.length);
    });
    await runner.commitTransaction();
    return await outcomes;
  } finally {
    await runner.release();
  }
}

export const sessionIdOf = ({ accessToken }: Pick<Session, 'accessToken'>): string =>
  decodeJwt<{ sid: string }>(accessToken).sid;

import type { z } from 'zod';
import type { Rpc } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { closeBus, connectBus } from '#messaging/connection';
import type { Actor, Role } from '#contracts/context';
import type { AppError } from '#contracts/errors';
import { checkActor } from '#contracts/auth';
import { actor, startTestService, type TestCall, type TestService } from '#testing/service';
import { testDatabase, type TestDatabase } from '#testing/database';
import { createCustomer, type Customer } from '#contracts/customers';
import { findManaged, findMembers } from '#contracts/teams';
import { CustomersModule } from '../src/customers.module.js';
import { entities, migrations } from '../src/data-source.js';
import { plantStatuses } from '../src/status/planting.js';

export const database = () => testDatabase({ service: 'customers', migrations, entities });

export interface Fixture {
  db: TestDatabase;
  service: TestService;
  ask: TestService['ask'];
  admin: Actor;
  finance: Actor;
  /** Salespeople. */
  anna: Actor;
  bert: Actor;
  cleo: Actor;
  /** Asks as another service does. */
  askAs<I extends z.ZodType, O extends z.ZodType>(
    service: 'sales' | 'billing',
    rpc: Rpc<I, O>,
    input: z.input<I>,
  ): Promise<z.output<O>>;
  /** Another user, known to this service. */
  person(role: Role, name: string, active?: boolean): Promise<Actor>;
  /** From now on auth says that these are the users of a manager's teams, himself among them. */
  manages(manager: Actor, ...users: Actor[]): void;
  /** The same of a team. */
  members(teamId: string, ...users: Actor[]): void;
  /** Creates a customer whatever it resembles. */
  customer(as: Actor, name: string, keyword: string, more?: object): Promise<Customer>;
  close(): Promise<void>;
}

/** The service over NATS with a database of its own, the first statuses and five users. */
export async function startCustomers(): Promise<Fixture> {
  const db = await database();
  await plantStatuses(db.dataSource);
  const people = new Map<string, unknown>();
  /** Who is in a manager's teams, or in a team and below it. */
  const teams = new Map<string, string[]>();
  const inTeams = (id: string) => ({ userIds: teams.get(id) ?? [] });
  const service = await startTestService(
    'customers',
    (config) => CustomersModule.forRoot({ ...config, DATABASE_URL: db.url, DATABASE_POOL: 10 }, { checkReplies: true }),
    // Whoever is not in the projection is a salesperson called after his id.
    [
      { rpc: checkActor, answer: ({ userId }: { userId: string }) => people.get(userId) ?? stranger(userId) },
      { rpc: findManaged, answer: ({ userId }: { userId: string }) => inTeams(userId) },
      { rpc: findMembers, answer: ({ teamId }: { teamId: string }) => inTeams(teamId) },
    ],
  );
  const person: Fixture['person'] = async (role, name, active = true) => {
    const made = actor(crypto.randomUUID(), role, name);
    people.set(made.userId, { active, role, username: name, displayName: name.toUpperCase() });
    await db.dataSource.query(
      `INSERT INTO users (id, username, display_name, role, active, version) VALUES ($1, $2, $3, $4, $5, 1)`,
      [made.userId, name, name.toUpperCase(), role, active],
    );
    return made;
  };
  const { nats } = service;
  return {
    db,
    service,
    ask: (rpc, input, call) => service.ask(rpc, input, call),
    async askAs(other, rpc, input) {
      const nc = await connectBus({ servers: nats.url, ...nats.credentials(other), service: other });
      return new Bus(nc).request(rpc, input).finally(() => closeBus(nc));
    },
    admin: await person('administrator', 'admin'),
    finance: await person('finance', 'finance'),
    anna: await person('salesperson', 'anna'),
    bert: await person('salesperson', 'bert'),
    cleo: await person('salesperson', 'cleo'),
    person,
    manages: ({ userId }, ...users) => void teams.set(userId, [userId, ...users.map((user) => user.userId)]),
    members: (teamId, ...users) =>
      void teams.set(
        teamId,
        users.map(({ userId }) => userId),
      ),
    customer: (as, name, keyword, more = {}) =>
      service.ask(createCustomer, { name, keyword, acknowledgeDuplicates: true, ...more }, { as }),
    async close() {
      await service.close();
      await db.close();
    },
  };
}

const stranger = (userId: string) => ({
  active: true,
  role: 'salesperson' as const,
  username: userId,
  displayName: `User ${userId}`,
});

/** The error that a request ends with: kind and slug. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  return request.then(
    (answer) => `no error, but ${JSON.stringify(answer)}`,
    (error: AppError) => (error.kind ? `${error.kind}/${error.slug}` : `unexpected: ${String(error)}`),
  );
}

export const as = (who: Actor, call: Omit<TestCall, 'as'> = {}): TestCall => ({ as: who, ...call });

/** The events that are in the outbox, oldest first. */
export async function told<D>(db: TestDatabase, subject: string): Promise<{ version: number; by: unknown; data: D }[]> {
  const rows = await db.dataSource.query<{ payload: { version: number; by: unknown; data: D } }[]>(
    `SELECT payload FROM outbox WHERE subject = $1 ORDER BY seq`,
    [subject],
  );
  return rows.map(({ payload }) => payload);
}

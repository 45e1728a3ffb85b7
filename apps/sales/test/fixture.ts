import { checkActor } from '#contracts/auth';
import type { Actor, Via } from '#contracts/context';
import { findCustomers } from '#contracts/customers';
import { AppError, type FieldFault } from '#contracts/errors';
import { IMPORT_COLUMNS, salesImports, type Import, type ImportKind } from '#contracts/imports';
import * as sales from '#contracts/sales';
import { settingsChanged } from '#contracts/settings';
import type { ParsedEvent } from '#messaging/projection';
import { Clock } from '#platform/clock';
import { everySample } from '#testing/contracts';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { actor, startTestService, type TestCall } from '#testing/service';
import { entities, migrations } from '../src/data-source.js';
import { SettingsProjection } from '../src/projections/settings.projection.js';
import { SalesModule } from '../src/sales.module.js';

/** Noon in Shanghai. */
export const NOW = new Date('2024-05-31T04:00:00Z');
export const TODAY = '2024-05-31';

export const database = () => testDatabase({ service: 'sales', migrations, entities });

export interface StandInCustomer {
  id: string;
  code: string;
  ownerId: string;
  paymentTermDays?: number;
}

export type Sales = Awaited<ReturnType<typeof startSales>>;

/** The service over NATS with a database of its own, and stand-ins for auth and customers. */
export async function startSales(db: TestDatabase) {
  const admin = actor(crypto.randomUUID(), 'administrator', 'admin');
  const finance = actor(crypto.randomUUID(), 'finance', 'finance');
  const anna = actor(crypto.randomUUID(), 'salesperson', 'anna');
  const bert = actor(crypto.randomUUID(), 'salesperson', 'bert');
  const disabled = new Set<string>();
  const customers: StandInCustomer[] = [];
  const people = [admin, finance, anna, bert];

  const judge = ({ userId }: { userId: string }) => {
    const { role, username } = people.find((one) => one.userId === userId) ?? anna;
    return { active: !disabled.has(userId), role, username, displayName: username };
  };
  const importing = new Set<string>();
  let asked = 0;
  const find = ({ userId, ids = [], codes = [] }: { userId: string; ids?: string[]; codes?: string[] }) => ({
    importing: importing.has(userId) && (asked += 1) > 0,
    customers: customers
      .filter(({ id, code }) => ids.includes(id) || codes.includes(code))
      .map((one) => ({ ...one, via: viaOf(people.find((each) => each.userId === userId) ?? anna, one) }))
      .filter(({ via }) => via !== 'delegate'),
  });
  const answers = [
    { rpc: checkActor, answer: judge },
    { rpc: findCustomers, answer: find },
  ];
  const module = (config: object) =>
    SalesModule.forRoot({ ...config, DATABASE_URL: db.url, DATABASE_POOL: 10 } as never, { checkReplies: true });
  const service = await startTestService('sales', module, answers);
  service.app.get(Clock).now = () => NOW;

  const customer = (owner: Actor, code: string = crypto.randomUUID(), paymentTermDays?: number): StandInCustomer => {
    const made = { id: crypto.randomUUID(), code, ownerId: owner.userId, paymentTermDays };
    customers.push(made);
    return made;
  };
  const product = (more: object = {}) =>
    service.ask(
      sales.createProduct,
      { code: crypto.randomUUID(), name: '开票服务', unit: '单', guidePrice: '60', kind: 'service', ...more },
      { as: admin },
    );
  /** Auth tells of the organisation's payment term. */
  const settle = async (paymentTermDays: number, version: number): Promise<void> => {
    const { event } = everySample().get(settingsChanged.subject) as { event: ParsedEvent<object> };
    const told = { ...event, version, data: { ...event.data, paymentTermDays } };
    await db.dataSource.transaction((tx) => service.app.get(SettingsProjection).apply(tx, [told]));
  };
  /** Hands a file in, and waits until it is done with. */
  const importFile = async (kind: ImportKind, who: Actor, lines: string[], dryRun = false): Promise<Import> => {
    const header = [...IMPORT_COLUMNS[kind]];
    const rows = lines.map((line, place) => {
      const cells = line.split(',');
      return { row: place + 2, values: Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])) };
    });
    const call = { as: who };
    const { id } = await service.ask(salesImports.start, { kind, dryRun, fileName: `${kind}.csv`, header }, call);
    const batches = Math.ceil(rows.length / 200);
    for (let batch = 0; batch < batches; batch++) {
      const part = rows.slice(batch * 200, (batch + 1) * 200);
      await service.ask(salesImports.append, { importId: id, batch, rows: part }, call);
    }
    await service.ask(salesImports.finish, { importId: id, batches }, call);
    return eventually(async () => {
      const job = await service.ask(salesImports.get, { importId: id }, call);
      if (job.state !== 'completed' && job.state !== 'failed') throw new Error(`The import is ${job.state}`);
      return job;
    }, 25_000);
  };
  return {
    ...{
      db,
      service,
      ask: service.ask.bind(service),
      admin,
      finance,
      anna,
      bert,
      disabled,
      importing,
      customers,
      /** How often customers were looked for while some were being imported. */
      asked: () => asked,
      customer,
      product,
      settle,
      importFile,
    },
    async close() {
      await service.close();
      await db.close();
    },
  };
}

/** A call on a customer, as the gateway makes it after it has asked for the grant. */
export const on = (who: Actor, customer: StandInCustomer, more: Omit<TestCall, 'as'> = {}): TestCall => {
  const via = viaOf(who, customer);
  const grant = { customerId: customer.id, ownerId: customer.ownerId, via };
  return { as: who, grant: via === 'delegate' ? { ...grant, delegationId: DELEGATION } : grant, ...more };
};

/** Under which a colleague acts. */
const DELEGATION = crypto.randomUUID();

const viaOf = (who: Actor, { ownerId }: StandInCustomer): Via =>
  who.role === 'administrator'
    ? 'admin'
    : who.role === 'finance'
      ? 'finance'
      : who.userId === ownerId
        ? 'owner'
        : 'delegate';

/** What a request is refused with: kind, slug and the fields that it names. */
export const refusal = (request: Promise<unknown>): Promise<string> =>
  request.then(
    (answer) => `no error, but ${JSON.stringify(answer)}`,
    (error: unknown) => {
      if (!(error instanceof AppError)) return `unexpected: ${String(error)}`;
      const faults = (error.details['errors'] as FieldFault[] | undefined) ?? [];
      return [`${error.kind}/${error.slug}`, ...faults.map(({ pointer }) => pointer)].join(' ');
    },
  );

/** The events of a subject in the outbox, oldest first. */
export async function told<D>(
  { dataSource }: TestDatabase,
  subject: string,
): Promise<{ version: number; by: object; data: D }[]> {
  const rows = await dataSource.query<{ payload: { version: number; by: object; data: D } }[]>(
    `SELECT payload FROM outbox WHERE subject = $1 ORDER BY seq`,
    [subject],
  );
  return rows.map(({ payload }) => payload);
}

import type { z } from 'zod';
import { accessVersionStated } from '#contracts/access';
import { userChanged } from '#contracts/auth';
import type { sweepShard } from '#contracts/billing';
import type { Scope, Role } from '#contracts/context';
import { customerChanged } from '#contracts/customers';
import type { EventType } from '#contracts/event';
import { paymentRecorded, productChanged, purchaseChanged } from '#contracts/sales';
import { settingsChanged } from '#contracts/settings';
import { customersTransferred } from '#contracts/transfers';
import { Outbox } from '#messaging/outbox';
import type { ParsedEvent } from '#messaging/projection';
import { Clock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { ArrearsRepository } from '../src/arrears/arrears.repository.js';
import { ArrearsService } from '../src/arrears/arrears.service.js';
import { entities, migrations } from '../src/data-source.js';
import { CustomersProjection } from '../src/projections/customers.projection.js';
import { SalesProjection } from '../src/projections/sales.projection.js';
import { UsersProjection } from '../src/projections/users.projection.js';
import { LedgerRepository } from '../src/ledger/ledger.repository.js';
import { LedgerService } from '../src/ledger/ledger.service.js';
import { OrganisationRepository } from '../src/organisation/organisation.repository.js';
import { Organisation } from '../src/organisation/organisation.service.js';
import { ReminderActions } from '../src/reminder/reminder.actions.js';
import { ReminderRepository } from '../src/reminder/reminder.repository.js';
import { ReminderService } from '../src/reminder/reminder.service.js';
import { ScopeRepository } from '../src/scope/scope.repository.js';
import { ScopeService } from '../src/scope/scope.service.js';
import { ServiceFeeRepository } from '../src/service-fee/service-fee.repository.js';
import { ServiceFeeService } from '../src/service-fee/service-fee.service.js';
import { SalesRepository } from '../src/statistics/sales.repository.js';
import { SalesService } from '../src/statistics/sales.service.js';
import { SweepRepository } from '../src/sweep/sweep.repository.js';
import { SweepService } from '../src/sweep/sweep.service.js';

export const database = () => testDatabase({ service: 'billing', entities, migrations });
export const newId = () => crypto.randomUUID();
export const ALL: Scope = { all: true, accessVersion: 0 };
export const ofOwners = (...owners: (string | [id: string, accessVersion: number])[]): Scope => ({
  all: false,
  owners: owners.map((owner) => {
    const [id, accessVersion] = typeof owner === 'string' ? [owner, 0] : owner;
    return { id, accessVersion };
  }),
  customerIds: [],
});

/** Stands still at noon of a business day in Shanghai. */
export class StillClock extends Clock {
  constructor(private date: string) {
    super('Asia/Shanghai');
  }
  override now(): Date {
    return new Date(`${this.date}T04:00:00Z`);
  }
  set(date: string): void {
    this.date = date;
  }
}

type Data<T extends EventType> = z.output<T['data']>;
const event = <T extends EventType>(type: T, aggregateId: string, version: number, data: Data<T>): ParsedEvent => ({
  id: newId(),
  subject: type.subject,
  aggregateId,
  version,
  at: '2026-01-01T00:00:00Z',
  by: null,
  // As it would come off the bus.
  data: type.data.parse(data),
});

export interface Sold extends Partial<Omit<Data<typeof purchaseChanged>, 'id' | 'customerId'>> {
  id?: string;
  customerId: string;
  version?: number;
}

export const events = {
  user: (id: string, data: Partial<Data<typeof userChanged>> = {}, version = 1) =>
    event(userChanged, id, version, {
      id,
      username: 'sales01',
      displayName: '王小明',
      role: 'salesperson',
      email: null,
      teamId: null,
      active: true,
      ...data,
    }),
  customer: (id: string, ownerId: string, data: Partial<Data<typeof customerChanged>> = {}, version = 1) =>
    event(customerChanged, id, version, {
      id,
      ownerId,
      name: '深圳市中兴通信股份有限公司',
      keyword: '中兴',
      code: null,
      statusId: newId(),
      createdOn: '2026-01-01',
      paymentTermDays: null,
      language: null,
      deleted: false,
      action: 'created',
      changes: [],
      owners: [],
      ...data,
    }),
  transfer: (
    customers: { id: string; version: number; fromOwnerId: string; toOwnerId: string }[],
    owners: { id: string; accessVersion: number }[],
  ) => event(customersTransferred, newId(), 1, { transferId: newId(), action: 'transferred', customers, owners }),
  accessVersion: (ownerId: string, accessVersion: number) =>
    event(accessVersionStated, ownerId, accessVersion, { ownerId, accessVersion }),
  purchase: ({ version = 1, ...data }: Sold) => {
    const id = data.id ?? newId();
    const { payable = '100.00', paid = '0.00' } = data;
    return event(purchaseChanged, id, version, {
      productId: newId(),
      productName: '年度维护',
      productCode: 'P1',
      unit: '套',
      quantity: '1',
      guidePrice: payable,
      unitPrice: payable,
      payable,
      paid,
      balance: '0.00',
      soldOn: '2026-01-01',
      dueOn: '2026-01-31',
      soldById: newId(),
      remind: false,
      action: 'recorded',
      ...data,
      id,
    });
  },
  product: (id: string, serviceFeeLead?: string, version = 1) =>
    event(productChanged, id, version, {
      id,
      code: 'P1',
      name: '年度维护',
      unit: '套',
      guidePrice: '100.00',
      kind: 'service',
      active: true,
      ...(serviceFeeLead && { serviceFeeLead }),
      action: 'edited',
    }),
  settings: (data: Partial<Data<typeof settingsChanged>>, version = 2) =>
    event(settingsChanged, 'settings', version, {
      organisationName: 'Hongfuxing',
      letterhead: {},
      currency: 'CNY',
      paymentTermDays: 0,
      serviceFeeLead: 'P1M',
      calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] },
      mail: {},
      changes: [],
      ...data,
    }),
  payment: (purchaseId: string, amount: string, paidOn: string) => {
    const id = newId();
    return event(paymentRecorded, id, 1, { id, purchaseId, customerId: newId(), amount, paidOn, method: 'transfer' });
  },
};

/** The service's parts on a database of their own, told events as the runner would tell them, without a bus. */
export async function openBooks(today = '2026-03-01', db?: TestDatabase) {
  const opened = db ?? (await database());
  const { dataSource } = opened;
  const clock = new StillClock(today);
  const outbox = new Outbox('billing');
  const scopes = new ScopeService(dataSource, new ScopeRepository());
  const usual = { HFX_CURRENCY: 'CNY', MAIL_LANGUAGE: 'zh-Hans' as const };
  const organisation = new Organisation(new OrganisationRepository(), usual);
  const reminders = new ReminderService(new ReminderRepository(), scopes, outbox, clock, organisation);
  const actions = new ReminderActions(dataSource, new ReminderRepository(), reminders, clock);
  const arrears = new ArrearsService(new ArrearsRepository(), reminders, scopes, clock, organisation);
  const fees = new ServiceFeeService(new ServiceFeeRepository(), scopes, clock, organisation);
  const jobs: z.output<typeof sweepShard.data>[] = [];
  const queue = { enqueue: async (_type: unknown, job: (typeof jobs)[number]) => void jobs.push(job) };
  const runners = { projection: () => ({ status: async () => ({ lag: 0 }) }) };
  const sweeps = new SweepService(
    dataSource,
    new SweepRepository(),
    reminders,
    queue as never,
    runners as never,
    clock,
  );
  const statistics = new SalesService(new SalesRepository(), scopes, clock, organisation);
  const ledger = new LedgerService(new LedgerRepository(), scopes);
  const users = new UsersProjection();
  const customers = new CustomersProjection(statistics);
  const sales = new SalesProjection(reminders, statistics);
  const readerOf = ({ subject }: ParsedEvent) =>
    subject.startsWith('evt.auth.') ? users : subject.startsWith('evt.sales.') ? sales : customers;

  const tell = async (...told: ParsedEvent[]): Promise<void> => {
    for (const projection of [users, customers, sales]) {
      const batch = told.filter((one) => readerOf(one) === projection);
      if (batch.length > 0) await dataSource.transaction((tx) => projection.apply(tx, batch));
    }
  };
  /** Does what is on the queue. */
  const work = async (): Promise<void> => {
    await Promise.all(jobs.splice(0).map((job) => sweeps.sweep(job)));
  };

  return {
    db: opened,
    dataSource,
    clock,
    scopes,
    organisation,
    reminders,
    actions,
    arrears,
    ledger,
    statistics,
    fees,
    sweeps,
    /** What the sweeps have put on the queue. */
    jobs,
    /** Each projection's in a transaction of its own, in order. */
    tell,
    work,
    async sweepNow(): Promise<void> {
      await sweeps.tick();
      await work();
    },
    /** A customer's purchase whose service ends then, paid in full. */
    async service(serviceEndsOn: string, more: Partial<Sold> = {}) {
      const [id, customerId] = [newId(), newId()];
      const term = { id, customerId, payable: '500.00', annualFee: '120.00', serviceEndsOn, remind: true, ...more };
      const paid = events.payment(id, '500.00', '2026-01-01');
      await tell(events.customer(customerId, newId()), events.purchase(term), paid);
      return { id, customerId, term };
    },
    /** A customer's unpaid purchase. */
    async debt(dueOn: string) {
      const [id, customerId] = [newId(), newId()];
      await tell(events.customer(customerId, newId()), events.purchase({ id, customerId, payable: '100.00', dueOn }));
      return { id, customerId };
    },
    /** What the outbox tells of reminders. */
    async told() {
      return dataSource.query<{ purchase: string; state: string; amount: string; version: number }[]>(
        `SELECT payload->'data'->>'purchaseId' AS purchase, payload->'data'->>'state' AS state,
           payload->'data'->>'amount' AS amount, (payload->>'version')::int AS version
         FROM outbox WHERE subject = 'evt.billing.reminder.changed.v1' ORDER BY seq`,
      );
    },
    /** Until a statement waits for another's transaction. */
    somebodyWaits: () =>
      eventually(
        async () =>
          expect(
            await dataSource.query(
              `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
            ),
          ).not.toEqual([]),
        10_000,
        5,
      ),
    async watermark(): Promise<string | undefined> {
      const query = `SELECT swept_through::text AS day FROM sweep_watermark`;
      const rows = await dataSource.query<{ day: string }[]>(query);
      return rows[0]?.day;
    },
    async reminderRows(purchaseId: string) {
      return dataSource.query<{ kind: string; periodStart: string; state: string; amount: string; version: number }[]>(
        `SELECT kind, period_start::text AS "periodStart", state, amount, version FROM reminders
         WHERE purchase_id = $1 ORDER BY kind, period_start`,
        [purchaseId],
      );
    },
    close: () => opened.close(),
  };
}
export type Books = Awaited<ReturnType<typeof openBooks>>;

export const actor = (role: Role = 'finance', userId = newId()) => ({
  userId,
  role,
  username: 'someone',
  sessionId: newId(),
});

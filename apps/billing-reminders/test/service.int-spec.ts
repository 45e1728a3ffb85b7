import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { addDays } from '#calendar/dates';
import { resolveScopeOf } from '#contracts/access';
import * as billing from '#contracts/billing';
import { closeBus, connectBus } from '#messaging/connection';
import type { ParsedEvent } from '#messaging/projection';
import { Clock } from '#platform/clock';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { actor, startTestService, type TestService } from '#testing/service';
import { BillingModule } from '../src/billing.module.js';
import { billingConfig, type BillingConfig } from '../src/config.js';
import { Organisation } from '../src/organisation/organisation.service.js';
import { Schedule } from '../src/schedule.js';
import { ALL, database, events, newId, ofOwners } from './books.js';

const { user, customer, transfer, purchase, payment } = events;
const [admin, finance, anna, bert] = [
  actor(newId(), 'administrator'),
  actor(newId(), 'finance'),
  actor(newId()),
  actor(newId()),
];

let db: TestDatabase;
let service: TestService;
let mailDir: string;
let today: string;
const workers: INestApplicationContext[] = [];

/** The service as it answers, and two more processes' worth of workers beside it. */
beforeAll(async () => {
  db = await database();
  mailDir = mkdtempSync(join(tmpdir(), 'hongfuxing-mail-'));
  let config: BillingConfig;
  service = await startTestService(
    'billing',
    (base) => {
      const own = { DATABASE_URL: db.url, MAIL_DIR: mailDir };
      config = billingConfig.parse({ ...base, ...own, HEALTH_PORT: '0', HFX_SUPERVISED: 'false' });
      return BillingModule.forRoot(config, { checkReplies: true });
    },
    [{ rpc: resolveScopeOf, answer: () => ({ scope: ALL }) }],
  );
  for (let more = 0; more < 2; more++) {
    const module = BillingModule.forRoot({ ...config!, BILLING_ROLE: 'worker' });
    workers.push(await NestFactory.createApplicationContext(module, { logger: ['error', 'fatal'] }));
  }
  today = service.app.get(Clock).today();
}, 60_000);
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await service.close();
  await db.close();
  rmSync(mailDir, { recursive: true });
}, 60_000);

type Producer = 'auth' | 'customers' | 'sales';
async function as(producer: Producer, work: (nc: Awaited<ReturnType<typeof connectBus>>) => Promise<unknown>) {
  const { nats } = service;
  const nc = await connectBus({ servers: nats.url, ...nats.credentials(producer), service: producer });
  await work(nc).finally(() => closeBus(nc));
}
async function publish(producer: Producer, ...told: ParsedEvent[]) {
  await as(producer, async (nc) => {
    for (const event of told) await jetstream(nc).publish(event.subject, JSON.stringify(event), { msgID: event.id });
  });
}

const [customerId, debtId, serviceId] = [newId(), newId(), newId()];

test('what the others tell arrives, and is answered in scope', async () => {
  await publish('auth', user(anna.userId, { username: 'anna', displayName: '安娜' }));
  await publish('auth', user(finance.userId, { username: 'finance', role: 'finance' }));
  await publish('customers', customer(customerId, anna.userId));
  await publish(
    'sales',
    payment(debtId, '20.00', addDays(today, -40)),
    purchase({ id: debtId, customerId, payable: '100.00', soldOn: addDays(today, -70), dueOn: addDays(today, -40) }),
    purchase({
      id: serviceId,
      customerId,
      payable: '0.00',
      annualFee: '120.00',
      serviceEndsOn: addDays(today, 20),
      remind: true,
    }),
  );
  const scope = ofOwners(anna.userId);
  await eventually(async () =>
    expect(await service.ask(billing.summarizeArrears, { scope, groupBy: 'owner' }, { as: anna })).toMatchObject({
      asOf: today,
      total: '80.00',
      buckets: { d31_60: '80.00' },
      owners: [{ username: 'anna', ownerName: '安娜', total: '80.00' }],
    }),
  );
  expect(await service.ask(billing.listArrears, { scope }, { as: anna })).toMatchObject({
    items: [{ purchaseId: debtId, paid: '20.00', daysPastDue: 40, bucket: 'd31_60' }],
    nextCursor: null,
  });
  expect(await service.ask(billing.listServiceFees, { scope }, { as: anna })).toMatchObject({
    items: [{ purchaseId: serviceId, state: 'due', daysLeft: 20 }],
  });
  expect(await service.ask(billing.listArrears, { scope: ofOwners(bert.userId) }, { as: bert })).toMatchObject({
    items: [],
    count: 0,
  });
}, 30_000);

test('three workers sweeping at the same moment open each reminder once [B7]', async () => {
  const sweeps = await Promise.all(Array.from({ length: 3 }, () => service.ask(billing.startSweep, {}, { as: admin })));
  expect(sweeps.every(({ asOf }) => asOf === today)).toBe(true);
  await eventually(async () =>
    expect(await service.ask(billing.startSweep, {}, { as: admin })).toEqual({
      asOf: today,
      state: 'completed',
      shards: 80,
      shardsDone: 80,
      opened: 2,
    }),
  );
  const { items } = await service.ask(billing.listReminders, { scope: ALL }, { as: finance });
  expect(items.map(({ kind, purchaseId, state, amount }) => [kind, purchaseId, state, amount])).toEqual([
    ['arrears', debtId, 'open', '80.00'],
    ['service-fee', serviceId, 'open', '120.00'],
  ]);
  await expect(service.ask(billing.startSweep, {}, { as: anna })).rejects.toMatchObject({ kind: 'forbidden' });
}, 30_000);

test('a payment settles what it pays', async () => {
  await publish('sales', payment(debtId, '80.00', today));
  await eventually(async () =>
    expect(
      (await service.ask(billing.listReminders, { scope: ALL, kind: 'arrears' }, { as: finance })).items,
    ).toMatchObject([{ purchaseId: debtId, state: 'settled' }]),
  );
});

test('a transfer moves everything with the very next read, which waits for it', async () => {
  const owners = [
    { id: anna.userId, accessVersion: 1 },
    { id: bert.userId, accessVersion: 1 },
  ];
  const fees = (who: typeof anna) =>
    service.ask(billing.listServiceFees, { scope: ofOwners([who.userId, 1]) }, { as: who });
  const moved = [{ id: customerId, version: 2, fromOwnerId: anna.userId, toOwnerId: bert.userId }];
  await db.dataSource.transaction(async (tx) => {
    // The projection has to wait, as it would behind a long queue.
    await tx.query(`LOCK TABLE owner_versions IN EXCLUSIVE MODE`);
    await publish('customers', transfer(moved, owners));
    await expect(fees(anna)).rejects.toMatchObject({ kind: 'unavailable', slug: 'projection-behind' });
  });
  await eventually(async () => expect((await fees(bert)).items).toHaveLength(1));
  expect((await fees(anna)).items).toEqual([]);
}, 30_000);

test('a digest that is due is sent once, whoever ticks', async () => {
  const wanted = { kind: 'finance' as const, frequency: 'daily' as const, time: '00:00' };
  const made = await service.ask(billing.createDigestSubscription, wanted, { as: finance, idempotencyKey: 'k' });
  expect(await service.ask(billing.createDigestSubscription, wanted, { as: finance, idempotencyKey: 'k' })).toEqual(
    made,
  );
  await db.dataSource.query(`UPDATE digest_subscriptions SET created_at = created_at - interval '2 days'`);

  for (const one of [service.app, ...workers]) {
    // Whatever day the test runs on, it is worked.
    const organisation = one.get(Organisation);
    const calendar = { workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [], extraWorkingDays: [] };
    const usual = await organisation.settings(db.dataSource.manager);
    organisation.settings = async () => ({ ...usual, calendar });
  }

  await Promise.all([service.app, ...workers].map((one) => one.get(Schedule).tick()));
  const { items } = await eventually(async () => {
    const list = await service.ask(billing.listDigests, {}, { as: finance });
    expect(list.items).toMatchObject([{ recipientId: finance.userId, state: 'sent', periodEnd: today }]);
    return list;
  });
  expect(readdirSync(mailDir)).toEqual([`digest-${items[0]!.id}.eml`]);
  const digest = await service.ask(billing.getDigest, { digestId: items[0]!.id, scope: ALL }, { as: finance });
  expect(digest).toMatchObject({ summary: { total: '0.00' }, serviceFees: { d30: { count: 1, amount: '120.00' } } });
  expect(await service.ask(billing.previewDigest, { kind: 'finance', scope: ALL }, { as: finance })).toMatchObject({
    summary: { total: '0.00' },
  });

  await service.ask(billing.deleteDigestSubscription, { subscriptionId: made.id }, { as: finance });
  expect(await service.ask(billing.listDigestSubscriptions, {}, { as: finance })).toMatchObject({ items: [] });
}, 30_000);

test('for a transfer, what it hands over', async () => {
  const asked = { scope: ALL, customerIds: [customerId] };
  expect(await service.ask(billing.countOpen, asked, { as: admin })).toEqual({
    openArrears: { count: 0, amount: '0.00' },
    openReminders: 1,
  });
});

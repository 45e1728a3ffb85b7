import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Logger } from '@nestjs/common';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { z } from 'zod';
import type { sendDigest } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { billingConfig } from '../src/config.js';
import { DigestContents } from '../src/digest/digest.content.js';
import { DigestRepository } from '../src/digest/digest.repository.js';
import { DigestSender } from '../src/digest/digest.sender.js';
import { DigestService } from '../src/digest/digest.service.js';
import { DigestSubscriptionRepository } from '../src/digest-subscription/digest-subscription.repository.js';
import { DigestSubscriptionService } from '../src/digest-subscription/digest-subscription.service.js';
import { Mailer } from '../src/mail/mailer.js';
import { UserRepository } from '../src/user/user.repository.js';
import { UserService } from '../src/user/user.service.js';
import { actor, ALL, events, newId, ofOwners, openBooks, type Books } from './books.js';

const { user, customer, purchase, payment } = events;
type Job = z.output<typeof sendDigest.data>;

Logger.overrideLogger(false);

let books: Books;
let mailDir: string;
beforeEach(async () => {
  books = await openBooks('2026-03-01');
  mailDir = mkdtempSync(join(tmpdir(), 'hongfuxing-mail-'));
});
afterEach(async () => {
  rmSync(mailDir, { recursive: true });
  await books.close();
});

/** The parts that make digests; `scopes` stands for what customers tells of each user. */
function post(scopes: Map<string, Scope>, settings: { SMTP_URL?: string } = {}) {
  const { dataSource, clock } = books;
  const config = billingConfig.parse({
    SERVICE_NAME: 'billing',
    NATS_URL: 'nats://nowhere',
    DATABASE_URL: 'postgres://nowhere',
    HEALTH_PORT: '0',
    MAIL_DIR: mailDir,
    ...settings,
  });
  const users = new UserService(dataSource, new UserRepository());
  const repository = new DigestRepository();
  const contents = new DigestContents(repository, books.arrears, books.fees);
  const subscriptions = new DigestSubscriptionService(
    dataSource,
    new DigestSubscriptionRepository(),
    users,
    new Idempotency(),
    'Asia/Shanghai',
  );
  const jobs: Job[] = [];
  const queue = { enqueue: async (_type: unknown, job: Job) => void jobs.push(job) };
  const bus = { request: async (_rpc: unknown, { userId }: { userId: string }) => ({ scope: scopes.get(userId)! }) };
  const service = new DigestService(
    dataSource,
    repository,
    contents,
    subscriptions,
    books.scopes,
    queue as never,
    clock,
  );
  const sender = new DigestSender(
    dataSource,
    repository,
    contents,
    books.arrears,
    books.scopes,
    users,
    new Mailer(config),
    bus as never,
    clock,
    config,
  );
  return {
    service,
    subscriptions,
    sender,
    jobs,
    /** Sends what is due. */
    async run() {
      await service.tick();
      for (const job of jobs.splice(0)) await sender.send(job);
    },
  };
}

const callOf = (who: Actor, idempotencyKey?: string): Call => ({
  actor: who,
  token: '',
  subject: '',
  caller: 'gateway',
  requestId: newId(),
  idempotencyKey,
});
const DAILY = { kind: 'finance' as const, frequency: 'daily' as const, time: '08:30' };
const mails = () => readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8'));

/** A user who has subscribed long ago. */
async function subscriber(
  { subscriptions }: ReturnType<typeof post>,
  role: 'finance' | 'salesperson' = 'finance',
  email: string | null = 'li@example.com',
) {
  const who = actor(role);
  await books.tell(user(who.userId, { role, displayName: '李会计', username: 'finance', email }));
  await subscriptions.create(callOf(who), { ...DAILY, kind: role });
  await books.dataSource.query(`UPDATE digest_subscriptions SET created_at = '2026-01-01'`);
  return who;
}
async function debt(owner: string, payable: string, more: object = {}) {
  const [id, customerId] = [newId(), newId()];
  const sold = { id, customerId, payable, soldOn: '2026-01-15', dueOn: '2026-02-15', ...more };
  await books.tell(customer(customerId, owner, { name: `客户 ${payable}` }), purchase(sold));
  return { id, customerId };
}
const listOf = async ({ service }: ReturnType<typeof post>, who: Actor) =>
  (await service.list(who, { limit: 50 })).items;

describe('a digest', () => {
  test('is made and mailed once, with two workers, two schedules and each job twice', async () => {
    const scopes = new Map<string, Scope>();
    const [one, two] = [post(scopes), post(scopes)];
    const who = await subscriber(one);
    scopes.set(who.userId, ALL);
    const { customerId } = await debt(newId(), '100.00');

    await Promise.all([one.service.tick(), two.service.tick()]);
    const jobs = [...one.jobs, ...two.jobs];
    expect(jobs).toEqual([
      { subscriptionId: expect.any(String) as string, periodStart: '2026-02-28', periodEnd: '2026-03-01' },
    ]);
    await Promise.all([one, two, one, two].map(({ sender }) => sender.send(jobs[0]!)));
    await one.run();

    const [digest, ...more] = await listOf(one, who);
    expect(more).toEqual([]);
    expect(digest).toMatchObject({ kind: 'finance', recipientId: who.userId, state: 'sent', periodEnd: '2026-03-01' });
    expect(mails()).toHaveLength(1);
    const [mail] = mails();
    expect(mail).toContain(`Message-ID: <digest-${digest!.id}@localhost>`);
    expect(mail).toContain('li@example.com');
    expect(mail).toMatch(/filename=arrears-2026-03-01\.csv/);
    expect(mail).toMatch(/text\/plain[^]*text\/html/);
    expect(await one.service.get(who, { digestId: digest!.id, scope: ALL })).toMatchObject({
      summary: { asOf: '2026-03-01', total: '100.00', purchases: 1 },
      changes: { new: { count: 0, amount: '0.00' } },
      topDebtors: [{ customerId, balance: '100.00', purchases: 1 }],
    });
  });

  test('tells what is new, cured and worse since the one before, by what was known then', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes);
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    const owner = newId();
    await debt(owner, '10.00');
    const [paid, grown] = [await debt(owner, '20.00'), await debt(owner, '40.00')];
    await letters.run();

    // Booked later, though dated before the first digest: new to the reader all the same.
    await debt(owner, '7.00', { soldOn: '2026-02-01' });
    await books.tell(payment(paid.id, '20.00', '2026-02-20'));
    await books.tell(purchase({ ...grown, payable: '45.50', soldOn: '2026-01-15', version: 2 }));
    books.clock.set('2026-03-02');
    await letters.run();

    const [second] = await listOf(letters, who);
    const { changes, summary } = await letters.service.get(who, { digestId: second!.id, scope: ALL });
    expect(summary.total).toBe('62.50');
    expect(changes).toEqual({
      new: { count: 1, amount: '7.00' },
      cured: { count: 1, amount: '20.00' },
      worse: { count: 1, amount: '5.50' },
    });
  });

  test('of a salesperson is of his customers, and those handed on count as neither paid nor shown', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes);
    const who = await subscriber(letters, 'salesperson');
    const other = newId();
    const [kept, handed] = [await debt(who.userId, '10.00'), await debt(who.userId, '20.00')];
    await debt(other, '99.00');
    scopes.set(who.userId, ofOwners(who.userId));
    await letters.run();
    const [first] = await listOf(letters, who);
    const read = (digestId: string) => letters.service.get(who, { digestId, scope: ofOwners(who.userId) });
    expect(await read(first!.id)).toMatchObject({ summary: { total: '30.00' } });
    expect((await read(first!.id)).topDebtors).toHaveLength(2);

    await books.tell(customer(handed.customerId, other, {}, 2));
    expect((await read(first!.id)).topDebtors.map(({ customerId }) => customerId)).toEqual([kept.customerId]);
    books.clock.set('2026-03-02');
    await letters.run();
    const [second] = await listOf(letters, who);
    expect(await read(second!.id)).toMatchObject({
      summary: { total: '10.00' },
      changes: { cured: { count: 0, amount: '0.00' } },
    });
  });

  test('that was missed for days is made up for by the latest alone', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes);
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    books.clock.set('2026-03-21');
    await letters.run();
    expect((await listOf(letters, who)).map(({ periodEnd }) => periodEnd)).toEqual(['2026-03-21']);
  });

  test('is not due for a time before it was subscribed to', async () => {
    const letters = post(new Map());
    const who = await subscriber(letters);
    await books.dataSource.query(`UPDATE digest_subscriptions SET created_at = '2026-03-01T03:00:00Z'`);
    await letters.run();
    expect(await listOf(letters, who)).toEqual([]);
  });

  test('is not sent to somebody who may not have it any more', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes);
    const demoted = await subscriber(letters);
    scopes.set(demoted.userId, ofOwners(demoted.userId));
    await letters.run();
    expect(await listOf(letters, demoted)).toEqual([expect.objectContaining({ state: 'failed', sentAt: null })]);

    const gone = await subscriber(letters);
    scopes.set(gone.userId, ALL);
    await letters.service.tick();
    await books.tell(user(gone.userId, { active: false, role: 'finance' }, 2));
    for (const job of letters.jobs.splice(0)) await letters.sender.send(job);
    expect(await listOf(letters, gone)).toEqual([expect.objectContaining({ state: 'failed' })]);
    expect(mails()).toEqual([]);
  });
});

describe('by SMTP', () => {
  let server: SMTPServer;
  const received: string[] = [];
  const listen = async (options: SMTPServerOptions) => {
    received.length = 0;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        void text(stream).then((mail) => {
          received.push(mail);
          done();
        });
      },
      ...options,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
  };
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const failing = (responseCode: number) => (_stream: unknown, _session: unknown, done: (error: Error) => void) =>
    done(Object.assign(new Error('no'), { responseCode }));

  test('it arrives; who has no address reads it in the application', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes, await listen({}));
    const [who, silent] = [await subscriber(letters), await subscriber(letters, 'finance', null)];
    scopes.set(who.userId, ALL).set(silent.userId, ALL);
    await letters.run();
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('To: ');
    expect(await listOf(letters, who)).toEqual([expect.objectContaining({ state: 'sent' })]);
    expect(await listOf(letters, silent)).toEqual([expect.objectContaining({ state: 'sent' })]);
    expect(mails()).toEqual([]);
  });

  test('a server that is away is tried again, with the same Message-ID and content', async () => {
    const scopes = new Map<string, Scope>();
    const settings = await listen({
      onData: (stream, session, done) => {
        stream.resume().once('end', () => failing(451)(stream, session, done));
      },
    });
    const letters = post(scopes, settings);
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    await letters.run();
    const [pending] = await listOf(letters, who);
    expect(pending).toMatchObject({ state: 'pending', sentAt: null });
    // Not at once, but after a pause.
    await letters.run();
    expect(await listOf(letters, who)).toEqual([pending]);
    await new Promise<void>((resolve) => server.close(() => resolve()));

    await debt(newId(), '100.00');
    const again = post(scopes, await listen({}));
    await books.dataSource.query(`UPDATE digests SET queued_at = queued_at - interval '1 hour'`);
    await again.run();
    expect(received).toHaveLength(1);
    expect(received[0]).toContain(`digest-${pending!.id}@localhost`);
    expect(await again.service.get(who, { digestId: pending!.id, scope: ALL })).toMatchObject({
      state: 'sent',
      summary: { total: '0.00' },
    });
  });

  test('a refusal for good is the end of it', async () => {
    const scopes = new Map<string, Scope>();
    const settings = await listen({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })),
    });
    const letters = post(scopes, settings);
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    await letters.run();
    expect(await listOf(letters, who)).toEqual([expect.objectContaining({ state: 'failed' })]);
  });

  test('a worker that died while sending is followed by another when its lease is over', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes, await listen({}));
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    await letters.service.tick();
    const [job] = letters.jobs.splice(0);
    await books.dataSource.query(
      `UPDATE digests SET state = 'sending', tries = 1, lease_until = $1::timestamptz + interval '1 minute'`,
      [books.clock.now()],
    );
    await letters.sender.send(job!);
    expect(received).toEqual([]);
    await books.dataSource.query(`UPDATE digests SET lease_until = $1`, [books.clock.now()]);
    await letters.sender.send(job!);
    expect(received).toHaveLength(1);
    expect(await listOf(letters, who)).toEqual([expect.objectContaining({ state: 'sent' })]);
  });
});

describe('reading', () => {
  test('is for the recipient and the administrator', async () => {
    const scopes = new Map<string, Scope>();
    const letters = post(scopes);
    const who = await subscriber(letters);
    scopes.set(who.userId, ALL);
    await letters.service.tick();
    const [pending] = await listOf(letters, who);
    const digestId = pending!.id;
    await expect(letters.service.get(who, { digestId, scope: ALL })).rejects.toMatchObject({ kind: 'conflict' });
    for (const job of letters.jobs.splice(0)) await letters.sender.send(job);

    const [stranger, admin] = [actor('finance'), actor('administrator')];
    expect(await listOf(letters, stranger)).toEqual([]);
    expect(await listOf(letters, admin)).toHaveLength(1);
    await expect(letters.service.get(stranger, { digestId, scope: ALL })).rejects.toMatchObject({ kind: 'not-found' });
    expect(await letters.service.get(admin, { digestId, scope: ALL })).toMatchObject({ id: digestId });
    // Finance no longer: what was for finance's eyes is gone.
    await expect(letters.service.get(who, { digestId, scope: ofOwners(who.userId) })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  test('a preview says what the digest would, and keeps nothing', async () => {
    const letters = post(new Map());
    const [finance, sales] = [actor('finance'), actor('salesperson')];
    await debt(sales.userId, '30.00', { annualFee: '5.00', serviceEndsOn: '2026-04-20', remind: true });
    expect(await letters.service.preview(finance, { kind: 'finance', scope: ALL })).toMatchObject({
      summary: { total: '30.00', owners: [{ ownerId: sales.userId }] },
      serviceFees: { d30: { count: 0 }, d60: { count: 1, amount: '5.00' }, d90: { count: 1 } },
    });
    const scope = ofOwners(sales.userId);
    expect(await letters.service.preview(sales, { kind: 'salesperson', scope })).toMatchObject({
      summary: { total: '30.00' },
    });
    await expect(letters.service.preview(sales, { kind: 'finance', scope })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await listOf(letters, actor('administrator'))).toEqual([]);
  });
});

describe('subscriptions', () => {
  test('are made for oneself, as one may; the administrator makes them for others', async () => {
    const { subscriptions } = post(new Map());
    const [finance, sales, admin] = [actor('finance'), actor('salesperson'), actor('administrator')];
    await books.tell(user(finance.userId, { role: 'finance' }), user(sales.userId, { role: 'salesperson' }));
    const create = (who: Actor, input: object) => subscriptions.create(callOf(who), { ...DAILY, ...input });

    expect(await create(finance, {})).toMatchObject({ userId: finance.userId, zone: 'Asia/Shanghai', time: '08:30' });
    expect(await create(admin, { userId: sales.userId, kind: 'salesperson' })).toMatchObject({ userId: sales.userId });
    for (const refused of [
      create(sales, {}),
      create(finance, { kind: 'salesperson' }),
      create(sales, { kind: 'salesperson', userId: finance.userId }),
      create(admin, { userId: sales.userId }),
    ]) {
      await expect(refused).rejects.toMatchObject({ kind: 'forbidden' });
    }
    await expect(create(admin, { userId: newId() })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(create(finance, { zone: 'Asia/Atlantis' })).rejects.toMatchObject({ kind: 'invalid' });

    const listed = async (who: Actor) => (await subscriptions.list(who, { limit: 50 })).items;
    expect(await listed(sales)).toHaveLength(1);
    expect(await listed(admin)).toHaveLength(2);
    const [own] = await listed(sales);
    await expect(subscriptions.delete(finance, own!.id)).rejects.toThrow(AppError);
    await subscriptions.delete(sales, own!.id);
    expect(await listed(sales)).toEqual([]);
  });

  test('one key makes one', async () => {
    const { subscriptions } = post(new Map());
    const finance = actor('finance');
    const weekly = { ...DAILY, frequency: 'weekly' as const, weekday: 1 };
    const first = await subscriptions.create(callOf(finance, 'k1'), weekly);
    expect(await subscriptions.create(callOf(finance, 'k1'), weekly)).toEqual(first);
    await expect(subscriptions.create(callOf(finance, 'k1'), DAILY)).rejects.toMatchObject({ kind: 'rule-violated' });
    expect((await subscriptions.list(finance, { limit: 50 })).items).toEqual([first]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { DigestKind, sendDigest } from '#contracts/billing';
import type { Language } from '#contracts/common';
import type { Actor, Scope } from '#contracts/context';
import { AppError } from '#contracts/errors';
import { findDueFollowUps, type DueCustomers } from '#contracts/follow-ups';
import type { Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { billingConfig } from '../src/config.js';
import { DigestContents } from '../src/digest/digest.content.js';
import { DueFollowUps } from '../src/digest/digest.follow-ups.js';
import { DigestPost } from '../src/digest/digest.post.js';
import { DigestRepository } from '../src/digest/digest.repository.js';
import { DigestSender } from '../src/digest/digest.sender.js';
import { DigestService } from '../src/digest/digest.service.js';
import { DigestSubscriptionRepository } from '../src/digest-subscription/digest-subscription.repository.js';
import { DigestSubscriptionService } from '../src/digest-subscription/digest-subscription.service.js';
import { Mailer } from '../src/mail/mailer.js';
import type { OrganisationSettings } from '../src/organisation/organisation.service.js';
import { UserRepository } from '../src/user/user.repository.js';
import { UserService } from '../src/user/user.service.js';
import { actor, events, newId, ofOwners, openBooks } from './books.js';

// What goes wrong on purpose is logged as if it were not.
Logger.overrideLogger(false);

const { user, customer, purchase } = events;
type Job = z.output<typeof sendDigest.data>;
export const DAILY = { kind: 'finance' as const, frequency: 'daily' as const, time: '08:30' };

interface Subscriber {
  email?: string | null;
  role?: DigestKind;
  language?: Language;
}

/** Books with all that makes digests beside them, and a folder for the mail. */
export async function openPostOffice() {
  const books = await openBooks('2026-03-01');
  const mailDir = mkdtempSync(join(tmpdir(), 'hongfuxing-mail-'));
  /** What customers tells of each user. */
  const scopes = new Map<string, Scope>();
  /** And whom each is to speak to again; of anybody else it tells nothing in time. */
  const followUps = new Map<string, DueCustomers>();
  /** The organisation's. Mails are sent every day, unless a test says otherwise. */
  const settings: OrganisationSettings = {
    letterhead: { name: '鸿福星' },
    currency: 'CNY',
    calendar: { workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [], extraWorkingDays: [] },
    mail: {},
    serviceFeeLead: 'P1M',
    language: 'zh-Hans',
  };

  /** One process's worth of them. */
  function replica(mailServer: { SMTP_URL?: string; SMTP_TIMEOUT_MS?: string } = {}) {
    const { dataSource, clock } = books;
    const config = billingConfig.parse({
      SERVICE_NAME: 'billing',
      NATS_URL: 'nats://nowhere',
      DATABASE_URL: 'postgres://nowhere',
      HEALTH_PORT: '0',
      MAIL_DIR: mailDir,
      ...mailServer,
    });
    const users = new UserService(dataSource, new UserRepository());
    const repository = new DigestRepository();
    const contents = new DigestContents(repository, books.arrears, books.fees);
    const subscriptions = new DigestSubscriptionService(
      dataSource,
      new DigestSubscriptionRepository(),
      users,
      new Idempotency(dataSource),
      'Asia/Shanghai',
    );
    const jobs: Job[] = [];
    const queue = { enqueue: async (_type: unknown, job: Job) => void jobs.push(job) };
    const bus = {
      request: async (rpc: unknown, { userId }: { userId: string }) => {
        if (rpc !== findDueFollowUps) return { scope: scopes.get(userId)! };
        const due = followUps.get(userId);
        if (!due) throw new AppError('timeout', 'timeout');
        return due;
      },
    };
    const organisation = { settings: async () => settings } as never;
    const due = new DueFollowUps(bus as never);
    const service = new DigestService(
      dataSource,
      repository,
      contents,
      subscriptions,
      due,
      books.scopes,
      queue as never,
      clock,
      organisation,
    );
    const sender = new DigestSender(
      dataSource,
      repository,
      contents,
      books.arrears,
      books.scopes,
      users,
      due,
      new DigestPost(dataSource, new Mailer(config), organisation, config),
      bus as never,
      clock,
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

  return {
    books,
    scopes,
    followUps,
    settings,
    replica,
    mails: () => readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8')),
    /** A user who has subscribed long ago, and what he sees now. */
    async subscriber(scope: Scope | 'own', { email = 'li@example.com', role = 'finance', language }: Subscriber = {}) {
      const who = actor(role);
      const { userId } = who;
      await books.tell(user(userId, { role, displayName: '李会计', username: 'finance', email, language }));
      scopes.set(userId, scope === 'own' ? ofOwners(userId) : scope);
      await replica().subscriptions.create(callOf(who), { ...DAILY, kind: role });
      await books.dataSource.query(`UPDATE digest_subscriptions SET created_at = '2026-01-01'`);
      return who;
    },
    async debt(owner: string, payable: string, more: object = {}) {
      const [id, customerId] = [newId(), newId()];
      const sold = { id, customerId, payable, soldOn: '2026-01-15', dueOn: '2026-02-15', ...more };
      await books.tell(customer(customerId, owner, { name: `客户 ${payable}` }), purchase(sold));
      return { id, customerId };
    },
    listOf: async (who: Actor) => (await replica().service.list(who, { limit: 50 })).items,
    async close() {
      rmSync(mailDir, { recursive: true });
      await books.close();
    },
  };
}
export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>;

export const callOf = (who: Actor, idempotencyKey?: string): Call => ({
  actor: who,
  token: '',
  subject: '',
  caller: 'gateway',
  requestId: newId(),
  idempotencyKey,
});

/** The plain text of a mail, as its reader sees it. */
export function textOf(mail: string): string {
  const [, encoding, body] =
    /^Content-Type: text\/plain[^]*?^Content-Transfer-Encoding: (\S+)\r\n\r\n([^]*?)\r\n--/m.exec(mail)!;
  if (encoding === 'base64') return Buffer.from(body!, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body!;
  const bytes = body!.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_code, hex: string) => `%${hex}`);
  return decodeURIComponent(bytes.replace(/%(?![0-9A-F]{2})/g, '%25'));
}

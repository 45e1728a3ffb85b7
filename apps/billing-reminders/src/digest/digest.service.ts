import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { addDays } from '#calendar/dates';
import {
  sendDigest,
  type Digest as Shown,
  type DigestContent,
  type DigestKind,
  type DigestSummary,
} from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { AppError, forbidden, notFound } from '#contracts/errors';
import { WorkQueue } from '#messaging/work-queue';
import { Clock } from '#platform/clock';
import { byId, decodeCursor, pageOf } from '#platform/cursor';
import { DigestSubscriptionService } from '../digest-subscription/digest-subscription.service.js';
import { mayReceive } from '../digest-subscription/digest-subscription.rules.js';
import { Organisation } from '../organisation/organisation.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { DigestContents } from './digest.content.js';
import { covers, type Digest } from './digest.entity.js';
import { DueFollowUps } from './digest.follow-ups.js';
import { DigestRepository } from './digest.repository.js';
import { asSeen, namedIn } from './digest.rules.js';

@Injectable()
export class DigestService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly digests: DigestRepository,
    private readonly contents: DigestContents,
    private readonly subscriptions: DigestSubscriptionService,
    private readonly followUps: DueFollowUps,
    private readonly scopes: ScopeService,
    private readonly queue: WorkQueue,
    private readonly clock: Clock,
    private readonly organisation: Organisation,
  ) {}

  /** Notes which digests are due and has them sent; each once, however many replicas tick. */
  async tick(): Promise<void> {
    const { manager } = this.dataSource;
    const now = this.clock.now();
    const { calendar } = await this.organisation.settings(manager);
    const due = (await this.subscriptions.allActive()).flatMap((subscription) => {
      const period = subscription.duePeriod(now, calendar);
      if (!period) return [];
      const { id: subscriptionId, userId: recipientId, kind } = subscription;
      return [{ subscriptionId, recipientId, kind, periodStart: period.start, periodEnd: period.end }];
    });
    if (due.length > 0) await this.digests.note(manager, due);
    for (const { id, ...job } of await this.digests.claimDue(manager))
      await this.queue.enqueue(sendDigest, job, { id });
  }

  async list(actor: Actor, { limit, cursor }: { limit: number; cursor?: string }) {
    const binding = { actorId: actor.userId, filter: {} };
    const [before] = decodeCursor(binding, cursor, byId) ?? [];
    const rows = await this.digests.page(this.dataSource.manager, actor, before, limit + 1);
    const page = pageOf(rows, limit, binding, ({ id }) => [id]);
    return { ...page, items: page.items.map(summaryOf) };
  }

  /**
   * As it was sent, less what the reader doesn't see any more.
   * Errors: `not-found`; `conflict/digest-not-rendered` for one that is pending, or failed before there was anything.
   */
  async get(actor: Actor, { digestId, scope }: { digestId: string; scope: Scope }): Promise<z.input<typeof Shown>> {
    return this.scopes.read(scope, async (tx) => {
      const digest = await this.digests.find(tx, digestId);
      if (!digest?.isReadableBy(actor, scope)) throw notFound();
      const { content } = digest;
      if (!content) throw new AppError('conflict', 'digest-not-rendered', { state: summaryOf(digest).state });
      const seen = await this.scopes.customersIn(tx, scope, namedIn(content));
      return { ...summaryOf(digest), ...asSeen(content, scope, seen) };
    });
  }

  /** Errors: `forbidden` for a digest that isn't for one's role. */
  async preview(actor: Actor, { kind, scope }: { kind: DigestKind; scope: Scope }): Promise<DigestContent> {
    if (!mayReceive(actor.role, kind) || !covers(scope, kind)) throw forbidden();
    const asOf = this.clock.today();
    const followUps = await this.followUps.of(actor.userId, kind, asOf);
    return this.scopes.read(scope, async (tx) => {
      const recipientId = actor.userId;
      const digestId = await this.digests.previousId(tx, { recipientId, kind, before: addDays(asOf, 1) });
      return this.contents.of(tx, { scope, kind, asOf, followUps }, { digestId, since: addDays(asOf, -1) });
    });
  }
}

function summaryOf(digest: Digest): z.input<typeof DigestSummary> {
  const { id, kind, recipientId, periodStart, periodEnd, sentAt, state } = digest;
  const shown = state === 'sending' ? 'pending' : state;
  return { id, kind, recipientId, periodStart, periodEnd, sentAt: sentAt?.toISOString() ?? null, state: shown };
}

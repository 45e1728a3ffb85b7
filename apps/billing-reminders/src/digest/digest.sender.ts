import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { daysBetween } from '#calendar/dates';
import { resolveScopeOf } from '#contracts/access';
import type { ArrearsRow, DigestContent, sendDigest } from '#contracts/billing';
import { Bus } from '#messaging/bus';
import { Clock } from '#platform/clock';
import { ArrearsService } from '../arrears/arrears.service.js';
import { Refused } from '../mail/mailer.js';
import { ScopeService } from '../scope/scope.service.js';
import { UserService, type User } from '../user/user.service.js';
import { DigestContents } from './digest.content.js';
import { mayReceive } from '../digest-subscription/digest-subscription.rules.js';
import { covers, type Digest } from './digest.entity.js';
import { DueFollowUps } from './digest.follow-ups.js';
import { DigestPost } from './digest.post.js';
import { DigestRepository } from './digest.repository.js';

/** It will never be sent: its recipient may not have it any more. */
class Undeliverable extends Error {}

/** Renders a digest that is due, and mails it: once, whoever is asked to and how often. */
@Injectable()
export class DigestSender {
  private readonly logger = new Logger(DigestSender.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly digests: DigestRepository,
    private readonly contents: DigestContents,
    private readonly arrears: ArrearsService,
    private readonly scopes: ScopeService,
    private readonly users: UserService,
    private readonly followUps: DueFollowUps,
    private readonly post: DigestPost,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /** What goes wrong is noted on the digest; the schedule asks again. */
  async send(job: z.output<typeof sendDigest.data>): Promise<void> {
    const digest = await this.dataSource.transaction(async (tx) => {
      const due = await this.digests.lock(tx, job);
      if (!due?.take(this.clock.now())) return undefined;
      await this.digests.save(tx, due);
      return due;
    });
    if (!digest) return;
    try {
      const recipient = await this.recipientOf(digest);
      const { content, rows } = await this.render(digest);
      await this.post.mail(digest, recipient, content, rows);
      digest.markSent(this.clock.now());
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof Undeliverable || error instanceof Refused) digest.giveUp(message);
      else digest.setBack(message);
      this.logger.warn(`Digest ${digest.id}, try ${digest.tries}: ${message}`);
    }
    await this.digests.save(this.dataSource.manager, digest);
  }

  private async recipientOf({ recipientId, kind }: Digest): Promise<User> {
    const user = await this.users.find(recipientId);
    if (!user) throw new Error('the recipient is not known here yet');
    if (!user.active) throw new Undeliverable('the recipient is disabled');
    if (!mayReceive(user.role, kind)) throw new Undeliverable('it is not of the recipient’s role any more');
    return user;
  }

  /** With the recipient's scope of this moment. What the digest says is fixed when it is first rendered. */
  private async render(digest: Digest): Promise<{ content: DigestContent; rows: ArrearsRow[] }> {
    const { recipientId, kind, periodStart, periodEnd } = digest;
    const { scope } = await this.bus.request(resolveScopeOf, { userId: recipientId });
    if (!covers(scope, kind)) throw new Undeliverable('the recipient may not see all customers any more');
    const followUps = digest.content ? undefined : await this.followUps.of(recipientId, kind, periodEnd);
    const rendered = await this.scopes.read(scope, async (tx) => {
      const rows = await this.arrears.all(tx, scope, periodEnd);
      if (digest.content) return { content: digest.content, rows };

      const length = daysBetween(periodStart, periodEnd);
      const digestId = await this.digests.previousId(tx, { recipientId, kind, before: periodEnd, length });
      const subject = { scope, kind, asOf: periodEnd, followUps };
      const content = await this.contents.of(tx, subject, { digestId, since: periodStart });
      await this.digests.keepContent(tx, digest, content, scope);
      return { content, rows };
    });
    digest.content = rendered.content;
    return rendered;
  }
}

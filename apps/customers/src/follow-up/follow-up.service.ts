import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Page } from '#contracts/common';
import { notFound } from '#contracts/errors';
import * as followUps from '#contracts/follow-ups';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { businessDate, Clock, ORG_TIME_ZONE } from '#platform/clock';
import { byDateAndId, byMomentAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { AccessService } from '../access/access.service.js';
import type { Judged } from '../access/visible.sql.js';
import { LogService } from '../log/log.service.js';
import { FollowUpRepository, type FollowUpRow } from './follow-up.repository.js';
import { checkDates } from './follow-up.rules.js';

/** What was said with customers: entered, and never changed. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly followUps: FollowUpRepository,
    private readonly access: AccessService,
    private readonly log: LogService,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(ORG_TIME_ZONE) private readonly zone: string,
  ) {}

  async list(actor: Judged, query: z.output<typeof followUps.listFollowUps.input>): Promise<Page<followUps.FollowUp>> {
    await this.access.resolve(actor, query.customerId);
    const binding = { actorId: actor.userId, filter: query };
    const before = decodeCursor(binding, query.cursor, byMomentAndId);
    const rows = await this.followUps.list(this.dataSource.manager, query.customerId, before, query.limit + 1);
    const page = pageOf(rows, query.limit, binding, ({ place, id }) => [place, id]);
    return { ...page, items: page.items.map(viewOf) };
  }

  /** Errors: those of `AccessService.holdToEdit` and of `checkDates`. */
  async record(call: Call, input: z.output<typeof followUps.recordFollowUp.input>): Promise<followUps.FollowUp> {
    const { customerId, kind, content, nextOn = null } = input;
    const occurredAt = input.occurredAt ? new Date(input.occurredAt) : this.clock.now();
    return this.dataSource.transaction(async (tx) => {
      const grant = await this.access.holdToEdit(tx, call.actor, customerId);
      checkDates({ occurredOn: businessDate(occurredAt, this.zone), nextOn }, this.clock.today());
      const by = doerOf({ actor: call.actor, grant });
      const id = await this.idempotency.once(tx, call, input, async () => {
        const { userId: byUserId, forUserId = null } = by;
        const entered = { customerId, kind, content, occurredAt, nextOn, byUserId, forUserId };
        const made = await this.followUps.insert(tx, entered);
        await this.followUps.keepDates(tx, customerId, this.zone);
        const entry = {
          kind: 'follow-up',
          customerId,
          resource: 'follow-up',
          resourceId: made,
          action: 'recorded',
        } as const;
        await this.log.record(tx, by, [entry]);
        const data = { id: made, customerId, kind, nextOn };
        await this.outbox.add(tx, followUps.followUpRecorded, { aggregateId: made, version: 1, by, data });
        return made;
      });
      const row = await this.followUps.find(tx, id);
      if (!row) throw notFound();
      return viewOf(row);
    });
  }

  /** In the caller's view. */
  async due(
    actor: Judged,
    query: z.output<typeof followUps.listDueFollowUps.input>,
  ): Promise<Page<followUps.DueFollowUp>> {
    const binding = { actorId: actor.userId, filter: query };
    const after = decodeCursor(binding, query.cursor, byDateAndId);
    const today = this.clock.today();
    const wanted = { until: query.until ?? today, ownerId: query.ownerId, today };
    const rows = await this.followUps.due(this.dataSource.manager, actor, wanted, after, query.limit + 1);
    const page = pageOf(rows, query.limit, binding, ({ nextOn, customerId }) => [nextOn, customerId]);
    return { ...page, items: page.items.map((row) => ({ ...row, followUp: viewOf(row.followUp) })) };
  }

  /** In the view of somebody who is told of it without asking; a disabled user has none. */
  async dueOf({
    userId,
    until,
    limit,
  }: z.output<typeof followUps.findDueFollowUps.input>): Promise<followUps.DueCustomers> {
    const judged = await this.access.judge(userId);
    if (!judged) return { count: 0, items: [] };
    const { manager } = this.dataSource;
    const count = await this.followUps.countDue(manager, judged, until);
    const rows = await this.followUps.due(manager, judged, { until, today: until }, undefined, limit);
    return { count, items: rows.map(({ followUp: _told, ...customer }) => customer) };
  }
}

function viewOf({ place: _place, occurredAt, createdAt, nextOn, forUserId, ...row }: FollowUpRow): followUps.FollowUp {
  return {
    ...row,
    occurredAt: occurredAt.toISOString(),
    createdAt: createdAt.toISOString(),
    ...(nextOn && { nextOn }),
    ...(forUserId && { forUserId }),
  };
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { reminderChanged, type listReminders, type Reminder } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { newEvent, Outbox } from '#messaging/outbox';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { latestWithin } from '../calendar.rules.js';
import { ScopeService } from '../scope/scope.service.js';
import { LEAD } from '../service-fee/service-fee.rules.js';
import { ReminderRepository, type ReminderFact, type ReminderRow } from './reminder.repository.js';

@Injectable()
export class ReminderService {
  constructor(
    private readonly reminders: ReminderRepository,
    private readonly scopes: ScopeService,
    private readonly outbox: Outbox,
  ) {}

  /** Arrears from the day after the due date, service fees from their lead date. Gives how many it opened. */
  async openDue(tx: EntityManager, asOf: string, slots: number[]): Promise<number> {
    const opened = await this.reminders.openDue(tx, { asOf, serviceEndsUntil: latestWithin(asOf, LEAD), slots });
    await this.tell(tx, opened);
    return opened.length;
  }

  /** After the charges of these purchases have changed, in the same transaction. */
  async settle(tx: EntityManager, purchaseIds: string[]): Promise<void> {
    await this.tell(tx, await this.reminders.settle(tx, purchaseIds));
  }

  async list({ userId }: Actor, { scope, limit, cursor, ...filter }: z.output<typeof listReminders.input>) {
    const binding = { actorId: userId, filter };
    const after = decodeCursor(binding, cursor, byDateAndId);
    const rows = await this.scopes.readOnce(scope, (tx) =>
      this.reminders.page(tx, scope, { ...filter, after, limit: limit + 1 }),
    );
    const page = pageOf(rows, limit, binding, (row) => [row.periodStart, row.id]);
    return { ...page, items: page.items.map(shown) };
  }

  async countOpen(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<number> {
    return this.reminders.countOpen(tx, scope, customerIds);
  }

  private async tell(tx: EntityManager, facts: ReminderFact[]): Promise<void> {
    const events = facts.map(({ version, ...data }) =>
      newEvent(reminderChanged, { aggregateId: data.id, version, by: null, data }),
    );
    await this.outbox.addMany(tx, events);
  }
}

function shown({ until, promiseAmount, promiseOn, note, createdAt, ...row }: ReminderRow): z.input<typeof Reminder> {
  return {
    ...row,
    dueOn: row.periodStart,
    ...(until && { until }),
    ...(promiseAmount && promiseOn && { promise: { amount: promiseAmount, date: promiseOn } }),
    ...(note && { note }),
    createdAt: createdAt.toISOString(),
  };
}

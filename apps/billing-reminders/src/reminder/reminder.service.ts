import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { reminderChanged, type listReminders } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import type { Doer } from '#contracts/event';
import { newEvent, Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byDateAndId, decodeCursor, pageOf } from '#platform/cursor';
import { Organisation } from '../organisation/organisation.service.js';
import { ScopeService } from '../scope/scope.service.js';
import { ReminderRepository, type ChangedReminder } from './reminder.repository.js';
import { factOf, viewOf } from './reminder.view.js';

const AT_ONCE = 2_000;

@Injectable()
export class ReminderService {
  constructor(
    private readonly reminders: ReminderRepository,
    private readonly scopes: ScopeService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly organisation: Organisation,
  ) {}

  /**
   * Arrears from the day after the due date, service fees from their lead date; and those whose pause is over are open
   * again. So many at a time that a statement's time doesn't grow with the backlog; gives how many it opened, and whether
   * it is to be called once more.
   */
  async openDue(tx: EntityManager, asOf: string, slots: number[]): Promise<{ opened: number; more: boolean }> {
    const { serviceFeeLead: lead } = await this.organisation.settings(tx);
    const { opened, more } = await this.reminders.openDue(tx, { asOf, lead, slots, most: AT_ONCE });
    await this.tell(tx, [...opened, ...(await this.reminders.resume(tx, { asOf, slots }))]);
    return { opened: opened.length, more };
  }

  /** After the charges of these purchases have changed, in the same transaction. */
  async settle(tx: EntityManager, purchaseIds: string[]): Promise<void> {
    await this.tell(tx, await this.reminders.settle(tx, purchaseIds));
  }

  async list({ userId }: Actor, { scope, limit, cursor, ...filter }: z.output<typeof listReminders.input>) {
    const binding = { actorId: userId, filter };
    const after = decodeCursor(binding, cursor, byDateAndId);
    const today = this.clock.today();
    const rows = await this.scopes.readOnce(scope, (tx) =>
      this.reminders.page(tx, scope, today, { ...filter, after, limit: limit + 1 }),
    );
    const page = pageOf(rows, limit, binding, (row) => [row.periodStart, row.id]);
    return { ...page, items: page.items.map((row) => viewOf(row, today)) };
  }

  async countOpen(tx: EntityManager, scope: Scope, customerIds: string[]): Promise<number> {
    return this.reminders.countOpen(tx, scope, customerIds);
  }

  /** `by`: nobody, unless somebody has acted on them. */
  async tell(tx: EntityManager, changed: ChangedReminder[], by: Doer | null = null): Promise<void> {
    const events = changed.map((reminder) => {
      const { id: aggregateId, version, action } = reminder;
      return newEvent(reminderChanged, { aggregateId, version, by, data: factOf(reminder, action) });
    });
    await this.outbox.addMany(tx, events);
  }
}

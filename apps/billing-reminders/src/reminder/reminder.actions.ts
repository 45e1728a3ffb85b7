import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Reminder } from '#contracts/billing';
import { notFound, staleVersion } from '#contracts/errors';
import type * as contracts from '#contracts/reminders';
import { doerOf, type Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { assertGrant } from '#platform/rights';
import { ReminderRepository, type ChangedReminder, type ReminderRow } from './reminder.repository.js';
import { acknowledge, close, dispute, notePromise, snooze, standingOn, type Standing } from './reminder.rules.js';
import { ReminderService } from './reminder.service.js';
import { viewOf } from './reminder.view.js';

/** A single reminder: whose it is, how it stands, and what somebody does about it. */
@Injectable()
export class ReminderActions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: ReminderRepository,
    private readonly reminders: ReminderService,
    private readonly clock: Clock,
  ) {}

  /** Errors: `not-found`. */
  async customerOf(reminderId: string): Promise<{ customerId: string }> {
    const customerId = await this.repository.customerOf(this.dataSource.manager, reminderId);
    if (customerId === undefined) throw notFound();
    return { customerId };
  }

  async get(call: Call, reminderId: string): Promise<Reminder> {
    const row = await this.repository.find(this.dataSource.manager, reminderId);
    if (!row) throw notFound();
    assertGrant(call, row.customerId, 'reminders.read', 'read');
    return this.shown(call, row);
  }

  acknowledge(call: Call, { reminderId, ...input }: z.output<typeof contracts.acknowledgeReminder.input>) {
    return this.act(call, reminderId, 'acknowledged', (reminder, today) => acknowledge(reminder, input, today));
  }

  snooze(call: Call, { reminderId, ...input }: z.output<typeof contracts.snoozeReminder.input>) {
    return this.act(call, reminderId, 'snoozed', (reminder, today) => snooze(reminder, input, today));
  }

  notePromise(call: Call, { reminderId, ...input }: z.output<typeof contracts.notePromise.input>) {
    return this.act(call, reminderId, 'promised', (reminder, today) => notePromise(reminder, input, today));
  }

  dispute(call: Call, { reminderId, ...input }: z.output<typeof contracts.disputeReminder.input>) {
    return this.act(call, reminderId, 'disputed', (reminder, today) => dispute(reminder, input, today));
  }

  close(call: Call, { reminderId, ...input }: z.output<typeof contracts.closeReminder.input>) {
    return this.act(call, reminderId, 'closed', (reminder) => close(reminder, input));
  }

  /** Errors: `not-found`; `precondition-failed/stale-version`; those of the rule. */
  private async act(
    call: Call,
    reminderId: string,
    action: ChangedReminder['action'],
    decide: (reminder: Standing, today: string) => Standing,
  ): Promise<Reminder> {
    return this.dataSource.transaction(async (tx) => {
      const row = await this.repository.lock(tx, reminderId);
      if (!row) throw notFound();
      assertGrant(call, row.customerId, 'reminders.act', 'money');
      if (typeof call.ifMatch === 'number' && call.ifMatch !== row.version) throw staleVersion(this.shown(call, row));
      const today = this.clock.today();
      const changed = { ...row, ...decide(standingOn(row, today), today) };
      changed.version = await this.repository.stand(tx, reminderId, changed);
      await this.reminders.tell(tx, [{ ...changed, action }], doerOf(call));
      return this.shown(call, changed);
    });
  }

  /** With the owner of now, whom the grant names: he may not have arrived here yet. */
  private shown({ grant }: Call, row: ReminderRow): Reminder {
    return viewOf({ ...row, ownerId: grant?.ownerId ?? row.ownerId }, this.clock.today());
  }
}

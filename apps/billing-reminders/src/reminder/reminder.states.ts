import { DataSource } from 'typeorm';
import { reminderChanged } from '#contracts/billing';
import { Republishes, type StateEvent } from '#messaging/republish';
import { ReminderRepository } from './reminder.repository.js';
import { factOf } from './reminder.view.js';

const PAGE = 500;

/** Every reminder as it stands, for consumers that start anew. */
@Republishes()
export class ReminderStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reminders: ReminderRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    for (let after: string | undefined; ;) {
      const page = await this.reminders.factsAfter(this.dataSource.manager, after, PAGE);
      for (const reminder of page) {
        const { id: aggregateId, version } = reminder;
        yield { type: reminderChanged, aggregateId, version, data: factOf(reminder, 'republished') };
      }
      after = page.at(-1)?.id;
      if (page.length < PAGE) return;
    }
  }
}

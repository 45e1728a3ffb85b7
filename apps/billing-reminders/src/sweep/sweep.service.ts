import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { can } from '#access/permissions';
import { addDays } from '#calendar/dates';
import { sweepShard, type NewSweep, type Sweep } from '#contracts/billing';
import type { Actor } from '#contracts/context';
import { AppError, forbidden } from '#contracts/errors';
import { Runners } from '#messaging/messaging.module';
import { WorkQueue } from '#messaging/work-queue';
import { Clock } from '#platform/clock';
import { ReminderService } from '../reminder/reminder.service.js';
import { SweepRepository } from './sweep.repository.js';
import { daysToSweep, SHARDS, slotsOf, sweptTogether } from './sweep.rules.js';

/** So many missed days are put on the queue at a time. */
const DAYS_AT_ONCE = 60;
/** After so long without an end a day's open jobs are queued again: JetStream may have lost them. */
const STALE_SECONDS = 120;
/** How long a request waits for what was just entered to arrive here, and for the sweep to end. */
const ARRIVAL_MS = 1_000;
const ANSWER_WITHIN_MS = 2_000;

@Injectable()
export class SweepService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sweeps: SweepRepository,
    private readonly reminders: ReminderService,
    private readonly queue: WorkQueue,
    private readonly runners: Runners,
    private readonly clock: Clock,
  ) {}

  /** Sees to it that every day up to today is swept, once, however many replicas tick. Cheap when nothing is to do. */
  async tick(): Promise<void> {
    const { manager } = this.dataSource;
    const today = this.clock.today();
    const sweptThrough = await this.sweeps.watermark(manager, addDays(today, -1));
    const days = daysToSweep(sweptThrough, today, DAYS_AT_ONCE);
    if (days.length > 0) await this.sweeps.begin(manager, days, SHARDS);
    await this.queueRuns();
    await this.sweeps.advance(manager);
  }

  /**
   * One job. The last of what it opens and that it is done are one transaction; a second go finds nothing to do. First it
   * takes other shards along; if there is much to open, it goes on with its own and leaves theirs to their jobs.
   */
  async sweep({ asOf, shard, shards }: z.output<typeof sweepShard.data>): Promise<void> {
    const go = (together: number[]): Promise<'done' | 'more' | 'was done'> =>
      this.dataSource.transaction(async (tx) => {
        const held = await this.sweeps.claimShards(tx, asOf, shard, together);
        if (held.length === 0) return 'was done';
        const slots = held.flatMap((each) => slotsOf(each, shards));
        const { opened, more } = await this.reminders.openDue(tx, asOf, slots);
        await this.sweeps.noteOpened(tx, { asOf, held, opened, done: !more });
        return more ? 'more' : 'done';
      });
    let outcome = await go(sweptTogether(shard, shards));
    if (outcome === 'was done') return;
    while (outcome === 'more') outcome = await go([shard]);
    // Not before the commit: of two last shards, each would take the other for open.
    await this.sweeps.advance(this.dataSource.manager);
  }

  /**
   * Sweeps a day now, once more if it is swept already, since something may have been entered meanwhile; a sweep that
   * is under way is joined. Answers when it is done, or how it stands after two seconds.
   * Errors: `forbidden`; `rule-violated/sweep-ahead-of-today`.
   */
  async start(actor: Actor, { asOf = this.clock.today() }: z.output<typeof NewSweep>): Promise<z.output<typeof Sweep>> {
    if (!can(actor, 'sweeps.run')) throw forbidden();
    if (asOf > this.clock.today()) throw new AppError('rule-violated', 'sweep-ahead-of-today');
    await this.eventsArrived();
    await this.dataSource.transaction(async (tx) => {
      await this.sweeps.begin(tx, [asOf], SHARDS);
      await this.sweeps.beginAgain(tx, asOf);
    });
    await this.queueRuns();

    const answerBy = performance.now() + ANSWER_WITHIN_MS;
    for (;;) {
      const sweep = await this.sweeps.progress(this.dataSource.manager, asOf);
      if (sweep.state === 'completed' || performance.now() > answerBy) return sweep;
      await pause(25);
    }
  }

  private async queueRuns(): Promise<void> {
    for (const { asOf, run, shards, open } of await this.sweeps.claimRuns(this.dataSource.manager, STALE_SECONDS)) {
      const queued = open.map((shard) =>
        this.queue.enqueue(sweepShard, { asOf, shard, shards }, { id: `sweep ${asOf} ${shard}/${shards} ${run}` }),
      );
      await Promise.all(queued);
    }
  }

  /** Whoever asks for a sweep means all that he has entered: what is on its way here is waited for, a moment long. */
  private async eventsArrived(): Promise<void> {
    const giveUp = performance.now() + ARRIVAL_MS;
    // Twice empty, a moment apart: an event may have been committed that its owner has not published yet.
    for (let empty = 0; empty < 2 && performance.now() < giveUp; await pause(50)) {
      const { lag } = await this.runners.projection('billing-sales').status();
      empty = lag ? 0 : empty + 1;
    }
  }
}

import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DigestKind } from '#contracts/billing';
import type { Actor } from '#contracts/context';
import type { WorkCalendar } from '../working-day.rules.js';
import { latestPeriod, type Period } from './digest-subscription.rules.js';

@Entity('digest_subscriptions')
@Check('digest_subscriptions_kind', `kind IN ('finance', 'manager', 'salesperson')`)
@Check('digest_subscriptions_frequency', `frequency IN ('daily', 'weekly')`)
@Check(
  'digest_subscriptions_weekday',
  `CASE frequency WHEN 'weekly' THEN coalesce(weekday, 0) BETWEEN 1 AND 7 ELSE weekday IS NULL END`,
)
export class DigestSubscription {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Index('digest_subscriptions_user')
  @Column('uuid', { name: 'user_id' })
  userId: string;
  @Column('text') kind: DigestKind;
  @Column('text') frequency: 'daily' | 'weekly';
  @Column('integer', { nullable: true }) weekday: number | null;
  @Column('text') time: string;
  @Column('text') zone: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'app.now()' }) createdAt: Date;

  /** The period whose digest is due; none that was over before it was subscribed to. */
  duePeriod(now: Date, calendar: WorkCalendar): Period | undefined {
    const period = latestPeriod(this, now, calendar);
    return period.at > this.createdAt ? period : undefined;
  }

  belongsTo(actor: Actor): boolean {
    return actor.role === 'administrator' || this.userId === actor.userId;
  }
}

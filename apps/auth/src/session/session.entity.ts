import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 } from 'uuid';
import { User } from '../user/user.entity.js';

export const END_REASONS = ['signed-out', 'password-changed', 'user-changed', 'token-reused'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** One sign-in and its family of refresh tokens, of which exactly one is live: that of the current generation. */
@Entity('sessions')
@Index('sessions_live', { synchronize: false })
@Check('sessions_end', `(ended_at IS NULL) = (end_reason IS NULL)`)
export class Session {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'sessions_user' })
  userId: string;
  @Column('integer') generation: number;
  @Column('timestamptz', { name: 'opened_at' }) openedAt: Date;
  /** When the live token was made. */
  @Column('timestamptz', { name: 'rotated_at' }) rotatedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
  @Column('text', { name: 'end_reason', nullable: true }) endReason: EndReason | null;

  static open(userId: string, now: Date, lifeMs: number): Session {
    return Object.assign(new Session(), {
      id: v7(),
      userId,
      generation: 1,
      openedAt: now,
      rotatedAt: now,
      expiresAt: new Date(now.getTime() + lifeMs),
      endedAt: null,
      endReason: null,
    });
  }

  rotate(now: Date): void {
    this.generation += 1;
    this.rotatedAt = now;
  }
}

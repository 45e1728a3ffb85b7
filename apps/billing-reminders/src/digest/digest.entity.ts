import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { DigestContent, DigestKind } from '#contracts/billing';
import type { Actor, Scope } from '#contracts/context';
import { mayReceive } from '../digest-subscription/digest-subscription.rules.js';

/** Longer than a mail server can keep us waiting: nobody else sends meanwhile. */
const LEASE_MS = 120_000;
/** With the pauses between them (DigestRepository.claimDue) some hours. */
const MOST_TRIES = 12;

/**
 * What one recipient is told of one period; there is one, whoever finds first that it is due.
 *
 * It is sent under a lease. If the process dies between the mail server's yes and `sent`, it is sent again when the
 * lease is over: at least once, with the same Message-ID each time, so that a mail server or reader keeps only one.
 */
@Entity('digests')
@Check('digests_kind', `kind IN ('finance', 'manager', 'salesperson')`)
@Check('digests_state', `state IN ('pending', 'sending', 'sent', 'failed')`)
@Unique('digests_once', ['recipientId', 'kind', 'periodStart', 'periodEnd'])
@Index('digests_unsent', { synchronize: false })
export class Digest {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Column('uuid', { name: 'subscription_id' }) subscriptionId: string;
  @Column('uuid', { name: 'recipient_id' }) recipientId: string;
  @Column('text') kind: DigestKind;
  @Column('date', { name: 'period_start' }) periodStart: string;
  @Column('date', { name: 'period_end' }) periodEnd: string;
  @Column('text', { default: 'pending' }) state: 'pending' | 'sending' | 'sent' | 'failed';
  @Column('jsonb', { nullable: true }) content: DigestContent | null;
  @Column('integer', { default: 0 }) tries: number;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil: Date | null;
  @Column('timestamptz', { name: 'queued_at', nullable: true }) queuedAt: Date | null;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt: Date | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'app.now()' }) createdAt: Date;

  /** Takes it in hand. False if it is done, or in somebody else's hands. */
  take(now: Date): boolean {
    const free = this.state === 'pending' || (this.state === 'sending' && this.leaseUntil! <= now);
    if (!free) return false;
    this.state = 'sending';
    this.tries += 1;
    this.leaseUntil = new Date(now.getTime() + LEASE_MS);
    return true;
  }

  markSent(now: Date): void {
    Object.assign(this, { state: 'sent', sentAt: now, leaseUntil: null, failure: null });
  }

  /** Something was away: it is tried again later, unless that has been so too often. */
  setBack(reason: string): void {
    if (this.tries >= MOST_TRIES) return this.giveUp(reason);
    Object.assign(this, { state: 'pending', leaseUntil: null, failure: reason });
  }

  giveUp(reason: string): void {
    Object.assign(this, { state: 'failed', leaseUntil: null, failure: reason });
  }

  /** The recipient reads it as long as he may have it and see what it is about; the administrator reads all. */
  isReadableBy(actor: Actor, scope: Scope): boolean {
    const mine = this.recipientId === actor.userId && mayReceive(actor.role, this.kind);
    return (actor.role === 'administrator' || mine) && covers(scope, this.kind);
  }
}

/** A finance digest is of the whole organisation: a part of it would be another thing. */
export const covers = (scope: Scope, kind: DigestKind): boolean => kind !== 'finance' || scope.all;

import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Language } from '#contracts/common';
import type { Role } from '#contracts/context';
import { Team } from '../team/team.entity.js';

export interface Profile {
  username: string;
  displayName: string;
  role: Role;
  email?: string;
  teamId?: string;
  language?: Language;
}

/** Each act is one change: it raises the version by one, and is saved and told before the next. */
@Entity('users')
@Index('users_username', ['username'], { unique: true })
@Index('users_of_team', ['teamId'])
@Check('users_language', `language IN ('zh-Hans', 'zh-Hant', 'en')`)
@Check('users_role', `role IN ('salesperson', 'manager', 'finance', 'administrator')`)
export class User {
  @PrimaryColumn('uuid') id: string;
  /** Folded: two that look alike are the same. */
  @Column('text') username: string;
  @Column('text', { name: 'display_name' }) displayName: string;
  @Column('text') role: Role;
  @Column('text', { nullable: true }) email: string | null;
  @ForeignKey(() => Team, { name: 'users_team' })
  @Column('uuid', { name: 'team_id', nullable: true })
  teamId: string | null;
  /** Of mails to him; without one, the organisation's. */
  @Column('text', { nullable: true }) language: Language | null;
  @Column('boolean') active: boolean;
  @Column('boolean', { name: 'must_change_password' }) mustChangePassword: boolean;
  @Column('text', { name: 'password_hash' }) passwordHash: string;
  /** How often all sessions were ended at once: the version of the event that tells it. */
  @Column('integer', { default: 0 }) revocations: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('integer') version: number;

  static create(id: string, profile: Profile, password: { hash: string; mustChange: boolean }, now: Date): User {
    return Object.assign(new User(), {
      id,
      ...profile,
      email: profile.email ?? null,
      teamId: profile.teamId ?? null,
      language: profile.language ?? null,
      active: true,
      mustChangePassword: password.mustChange,
      passwordHash: password.hash,
      revocations: 0,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  }

  /** Only what is named changes; `null` clears. */
  edit(patch: Partial<Pick<User, 'displayName' | 'role' | 'email' | 'teamId' | 'language'>>, now: Date): void {
    const named = Object.entries(patch).filter(([, value]) => value !== undefined);
    Object.assign(this, Object.fromEntries(named));
    this.changed(now);
  }

  disable(now: Date): void {
    this.active = false;
    this.changed(now);
  }

  enable(now: Date): void {
    this.active = true;
    this.changed(now);
  }

  /** `mustChange`: whoever set it knows it, so it serves for one sign-in. */
  setPassword(hash: string, mustChange: boolean, now: Date): void {
    this.passwordHash = hash;
    this.mustChangePassword = mustChange;
    this.changed(now);
  }

  private changed(now: Date): void {
    this.updatedAt = now;
    this.version += 1;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { MePatch, PasswordChange, User as UserView, UserPatch } from '#contracts/auth';
import { staleVersion } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Clock } from '#platform/clock';
import { assertRole } from '#platform/rights';
import { LoginGuard } from '../login-guard/login-guard.service.js';
import { hashPassword, oneTimePassword, Passwords } from '../password.js';
import { SessionService } from '../session/session.service.js';
import { TeamService } from '../team/team.service.js';
import type { User } from '../user/user.entity.js';
import {
  assertAdministratorLeft,
  assertManagesUsers,
  assertNewPassword,
  assertNotOneself,
  losesAdministrator,
  viewOf,
  wrongPassword,
} from '../user/user.rules.js';
import { UserService } from '../user/user.service.js';

/** What changes about an account, with what that means for its sessions. */
@Injectable()
export class AccountService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserService,
    private readonly teams: TeamService,
    private readonly sessions: SessionService,
    private readonly guard: LoginGuard,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /**
   * A new role counts from the next request: the access tokens that name the old one die with their sessions.
   * Errors: `precondition-failed/stale-version`, `rule-violated/last-administrator`; `invalid/validation` for a team
   * that there isn't.
   */
  async update(userId: string, patch: z.output<typeof UserPatch>, call: Call): Promise<UserView> {
    assertManagesUsers(call.actor);
    return this.dataSource.transaction(async (tx) => {
      const administrators = await this.users.lockAdministrators(tx);
      const user = await this.users.lock(tx, userId);
      assertCurrent(user, call);
      const before = { role: user.role, active: user.active };
      if (patch.teamId) await this.teams.assertJoinable(tx, patch.teamId);
      user.edit(patch, this.clock.now());
      if (losesAdministrator(before, user)) assertAdministratorLeft(administrators);
      await this.users.save(tx, user, doerOf(call));
      if (user.role !== before.role) await this.endSessions(tx, user, call);
      return viewOf(user);
    });
  }

  /** Errors: `precondition-failed/stale-version`. */
  async updateMe(patch: z.output<typeof MePatch>, call: Call): Promise<UserView> {
    assertRole(call, 'account.manage');
    return this.dataSource.transaction(async (tx) => {
      const user = await this.users.lock(tx, call.actor.userId);
      assertCurrent(user, call);
      user.edit(patch, this.clock.now());
      await this.users.save(tx, user, doerOf(call));
      return viewOf(user);
    });
  }

  /** Ends all his sessions. Errors: `rule-violated/last-administrator`, `rule-violated/cannot-disable-oneself`. */
  async disable(userId: string, call: Call): Promise<UserView> {
    assertManagesUsers(call.actor);
    return this.dataSource.transaction(async (tx) => {
      const administrators = await this.users.lockAdministrators(tx);
      const user = await this.users.lock(tx, userId);
      if (!user.active) return viewOf(user);
      if (user.role === 'administrator') assertAdministratorLeft(administrators);
      assertNotOneself(call.actor, userId);
      user.disable(this.clock.now());
      await this.users.save(tx, user, doerOf(call));
      await this.endSessions(tx, user, call);
      return viewOf(user);
    });
  }

  async enable(userId: string, call: Call): Promise<UserView> {
    assertManagesUsers(call.actor);
    return this.dataSource.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      if (user.active) return viewOf(user);
      user.enable(this.clock.now());
      await this.users.save(tx, user, doerOf(call));
      return viewOf(user);
    });
  }

  /** Gives the new password, this once. It must be changed at the next sign-in; all his sessions end. */
  async resetPassword(userId: string, call: Call): Promise<{ password: string }> {
    assertManagesUsers(call.actor);
    const password = oneTimePassword();
    const hash = await hashPassword(password);
    await this.dataSource.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      user.setPassword(hash, true, this.clock.now());
      await this.users.save(tx, user, doerOf(call));
      await this.endSessions(tx, user, call);
    });
    return { password };
  }

  /**
   * One's own password. Every other session ends. Whoever holds a stolen session can't guess on here for ever: it
   * counts as an address of its own.
   * Errors: `invalid/validation` for a wrong or an unchanged one, `too-many-requests/too-many-attempts`.
   */
  async changePassword(change: z.output<typeof PasswordChange>, call: Call): Promise<Record<string, never>> {
    assertRole(call, 'account.manage');
    const { userId, username, sessionId } = call.actor;
    await this.guard.attempt(username, { address: `session:${sessionId}` }, async (attempt) => {
      const found = await this.users.findByUsername(username);
      const matches = await this.passwords.matches(found?.passwordHash, change.currentPassword);
      if (!found || !matches) throw wrongPassword();
      assertNewPassword(change.currentPassword, change.newPassword);

      const hash = await hashPassword(change.newPassword);
      await this.dataSource.transaction(async (tx) => {
        const user = await this.users.lock(tx, userId);
        // It was verified before the row was held: a reset may have come between.
        if (user.passwordHash !== found.passwordHash) throw wrongPassword();
        user.setPassword(hash, false, this.clock.now());
        await this.users.save(tx, user, doerOf(call));
        await this.sessions.end(tx, userId, { except: sessionId }, 'password-changed', doerOf(call));
        await this.guard.succeeded(tx, attempt);
      });
    });
    return {};
  }

  private async endSessions(tx: EntityManager, user: User, call: Call): Promise<void> {
    await this.sessions.endAll(tx, user.id, 'user-changed', doerOf(call));
  }
}

function assertCurrent(user: User, { ifMatch }: Call): void {
  if (typeof ifMatch === 'number' && ifMatch !== user.version) throw staleVersion(viewOf(user));
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { sessionsRevoked, Username, type login, type Session as SessionView } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import type { Doer } from '#contracts/event';
import { doerOf, type Call } from '#messaging/handles';
import { newEvent, Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { assertRole } from '#platform/rights';
import { SigningKeys } from '../key/signing-key.service.js';
import { ACCESS_TOKEN_SECONDS } from '../key/signing-key.rules.js';
import { LoginGuard } from '../login-guard/login-guard.service.js';
import { Passwords } from '../password.js';
import type { User } from '../user/user.entity.js';
import { foldUsername, viewOf } from '../user/user.rules.js';
import { UserService } from '../user/user.service.js';
import { Vault } from '../vault.js';
import { Session, type EndReason } from './session.entity.js';
import { SessionRepository } from './session.repository.js';
import { ABSOLUTE_LIFE_MS, judgeRefresh, newRefreshToken, refreshTokenHash } from './session.rules.js';

/** An event that can happen but once to its aggregate. */
const ONCE = 1;

@Injectable()
export class SessionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sessions: SessionRepository,
    private readonly users: UserService,
    private readonly guard: LoginGuard,
    private readonly passwords: Passwords,
    private readonly keys: SigningKeys,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Errors: `unauthenticated/bad-credentials`, whatever is wrong with them; `too-many-requests/too-many-attempts`. */
  async login({ username, password, ...origin }: z.output<typeof login.input>): Promise<z.output<typeof login.output>> {
    const name = foldUsername(username);
    const token = newRefreshToken();
    const opened = await this.guard.attempt(name, origin, async (attempt) => {
      const found = Username.safeParse(name).success ? await this.users.findByUsername(name) : null;
      const matches = await this.passwords.matches(found?.passwordHash, password);
      if (!found || !matches) throw badCredentials();

      return this.dataSource.transaction(async (tx) => {
        const user = await this.users.lock(tx, found.id);
        // It was verified before the row was held: a reset or a disabling may have come between.
        if (!user.active || user.passwordHash !== found.passwordHash) throw badCredentials();
        const session = Session.open(user.id, this.clock.now(), ABSOLUTE_LIFE_MS);
        await this.sessions.insert(tx, session, refreshTokenHash(token));
        await this.guard.succeeded(tx, attempt);
        const device = await this.guard.remember(tx, attempt);
        return { user, session, device };
      });
    });
    return { ...(await this.view(opened.user, opened.session.id, token)), device: opened.device };
  }

  /**
   * A refresh token is good for one use. Its child is derived from it, not drawn: so whoever asks with the same token
   * again within the grace (an answer was lost, two tabs asked at once) gets the same child, however many ask and
   * whichever replica answers. The family stays one line, and no token need be kept in a form that could be used.
   * Errors: `unauthenticated/invalid-refresh-token`, `unauthenticated/session-ended`.
   */
  async refresh(token: string): Promise<SessionView> {
    const child = this.vault.derive('refresh-token', token).toString('base64url');
    const user = await this.dataSource.transaction(async (tx) => {
      const known = await this.sessions.findToken(tx, refreshTokenHash(token));
      if (!known) throw new AppError('unauthenticated', 'invalid-refresh-token');
      const owner = await this.users.lock(tx, known.userId);
      const session = await this.sessions.get(tx, known.sessionId);
      const now = this.clock.now();
      const verdict = judgeRefresh(session, known.generation, now);
      if (verdict === 'rotate') {
        session.rotate(now);
        await this.sessions.rotate(tx, session, refreshTokenHash(child));
      }
      if (verdict === 'reused') await this.end(tx, owner.id, { only: session.id }, 'token-reused', null);
      const goesOn = owner.active && (verdict === 'rotate' || verdict === 'repeat');
      return goesOn ? { owner, sessionId: session.id } : undefined;
    });
    // Outside: what a reused token ended must stay ended.
    if (!user) throw new AppError('unauthenticated', 'session-ended');
    return this.view(user.owner, user.sessionId, child);
  }

  async logout(call: Call): Promise<Record<string, never>> {
    assertRole(call, 'account.manage');
    await this.dataSource.transaction(async (tx) => {
      const { userId, sessionId } = call.actor;
      await this.users.lock(tx, userId);
      await this.end(tx, userId, { only: sessionId }, 'signed-out', doerOf(call));
    });
    return {};
  }

  async logoutAll(call: Call): Promise<Record<string, never>> {
    assertRole(call, 'account.manage');
    await this.dataSource.transaction(async (tx) => {
      await this.users.lock(tx, call.actor.userId);
      await this.endAll(tx, call.actor.userId, 'signed-out', doerOf(call));
    });
    return {};
  }

  async check(sessionId: string): Promise<{ active: boolean }> {
    return { active: await this.sessions.isAlive(this.dataSource.manager, sessionId, this.clock.now()) };
  }

  async checkMany(sessionIds: string[]): Promise<{ active: string[] }> {
    return { active: await this.sessions.alive(this.dataSource.manager, sessionIds, this.clock.now()) };
  }

  /** The user's row must be held. */
  async endAll(tx: EntityManager, userId: string, reason: EndReason, by: Doer): Promise<void> {
    const ended = await this.sessions.end(tx, userId, {}, reason, this.clock.now());
    if (ended.length === 0) return;
    const version = await this.users.countRevocation(tx, userId);
    await this.outbox.add(tx, sessionsRevoked, {
      aggregateId: userId,
      version,
      by,
      data: { userId, sessionId: null },
    });
  }

  /** Ends one session of the user, or all but one. The user's row must be held. */
  async end(
    tx: EntityManager,
    userId: string,
    which: { only: string } | { except: string },
    reason: EndReason,
    by: Doer | null,
  ): Promise<void> {
    const ended = await this.sessions.end(tx, userId, which, reason, this.clock.now());
    const told = (sessionId: string) =>
      newEvent(sessionsRevoked, { aggregateId: sessionId, version: ONCE, by, data: { userId, sessionId } });
    await this.outbox.addMany(tx, ended.map(told));
  }

  /** Forgets what ended a day ago or longer. */
  async purge(tx: EntityManager): Promise<void> {
    await this.sessions.purge(tx, new Date(this.clock.now().getTime() - 86_400_000));
  }

  private async view(user: User, sessionId: string, refreshToken: string): Promise<SessionView> {
    const accessToken = await this.keys.sign(user, sessionId);
    return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS, refreshToken, user: viewOf(user) };
  }
}

const badCredentials = () => new AppError('unauthenticated', 'bad-credentials');

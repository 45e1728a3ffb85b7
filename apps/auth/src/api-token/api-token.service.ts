import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import {
  apiTokenChanged,
  type ApiToken as ApiTokenView,
  type CreatedApiToken,
  type exchangeApiToken,
  type NewApiToken,
} from '#contracts/api-tokens';
import { AppError, notFound } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { Idempotency } from '#platform/idempotency';
import { assertRole } from '#platform/rights';
import { SigningKeys } from '../key/signing-key.service.js';
import { LoginGuard } from '../login-guard/login-guard.service.js';
import { UserService } from '../user/user.service.js';
import { Vault } from '../vault.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import {
  apiTokenFrom,
  apiTokenHash,
  assertMayBeGiven,
  hintOf,
  isWorthNoting,
  MOST,
  viewOf,
} from './api-token.rules.js';

/** The versions of a token: it is made, and it is revoked. */
const MADE = 1;
const REVOKED = 2;

@Injectable()
export class ApiTokenService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: ApiTokenRepository,
    private readonly users: UserService,
    private readonly guard: LoginGuard,
    private readonly keys: SigningKeys,
    private readonly vault: Vault,
    private readonly idempotency: Idempotency,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async list(call: Call): Promise<{ items: ApiTokenView[]; nextCursor: null }> {
    assertRole(call, 'account.manage');
    const tokens = await this.tokens.ofUser(this.dataSource.manager, call.actor.userId);
    return { items: tokens.map(viewOf), nextCursor: null };
  }

  /** Errors: those of `assertMayBeGiven`; `rule-violated/too-many-api-tokens`. */
  async create(input: z.output<typeof NewApiToken>, call: Call): Promise<z.output<typeof CreatedApiToken>> {
    assertRole(call, 'account.manage');
    const { userId } = call.actor;
    return this.dataSource.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const tokenId = await this.idempotency.once(tx, call, input, async () => {
        assertMayBeGiven(call.actor, input, this.clock.now());
        await this.makeRoom(tx, userId);
        const token = this.make(userId, input);
        await this.tokens.insert(tx, token);
        await this.tell(tx, token, 'created', call);
        return token.id;
      });
      return { ...viewOf(await this.own(tx, userId, tokenId)), token: this.textOf(tokenId) };
    });
  }

  /** It is gone, and so is whatever it was exchanged for. */
  async revoke(tokenId: string, call: Call): Promise<Record<string, never>> {
    assertRole(call, 'account.manage');
    const { userId } = call.actor;
    return this.dataSource.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const token = await this.own(tx, userId, tokenId);
      await this.tokens.delete(tx, token.id);
      await this.tell(tx, token, 'revoked', call);
      return {};
    });
  }

  /**
   * An access token that ends with the API token at the latest. Whoever must change his password does that first, and
   * what he set up before waits for it.
   * Errors: `unauthenticated/invalid-token`, whatever is wrong with it; `too-many-requests/too-many-attempts`.
   */
  async exchange({ token, address }: z.output<typeof exchangeApiToken.input>): Promise<{ accessToken: string }> {
    const { manager } = this.dataSource;
    const now = this.clock.now();
    const found = await this.tokens.findByHash(manager, apiTokenHash(token));
    await this.guard.tokenShown(found?.id, address);
    const user = found && found.expiresAt > now ? await this.users.find(found.userId) : undefined;
    if (!found || !user?.active) throw new AppError('unauthenticated', 'invalid-token');
    if (isWorthNoting(found, now)) await this.tokens.noteUse(manager, found.id, now);
    return { accessToken: await this.keys.sign(user, found.id, found) };
  }

  /** Errors: `rule-violated/too-many-api-tokens`. */
  private async makeRoom(tx: EntityManager, userId: string): Promise<void> {
    if ((await this.tokens.count(tx, userId)) < MOST) return;
    await this.tokens.deleteExpired(tx, userId, this.clock.now());
    if ((await this.tokens.count(tx, userId)) >= MOST) throw new AppError('rule-violated', 'too-many-api-tokens');
  }

  private make(userId: string, { name, permissions, expiresAt }: z.output<typeof NewApiToken>): ApiToken {
    const id = v7();
    const token = this.textOf(id);
    return Object.assign(new ApiToken(), {
      id,
      userId,
      name,
      permissions,
      hash: apiTokenHash(token),
      hint: hintOf(token),
      createdAt: this.clock.now(),
      expiresAt: new Date(expiresAt),
      lastUsedAt: null,
    });
  }

  /** Derived, not drawn: so that a replayed request is answered with it again, and it is kept nowhere. */
  private textOf(tokenId: string): string {
    return apiTokenFrom(this.vault.derive('api-token', tokenId));
  }

  private async own(tx: EntityManager, userId: string, tokenId: string): Promise<ApiToken> {
    const token = await this.tokens.find(tx, userId, tokenId);
    if (!token) throw notFound();
    return token;
  }

  private async tell(tx: EntityManager, token: ApiToken, action: 'created' | 'revoked', call: Call): Promise<void> {
    const { id, userId, name, permissions, expiresAt } = token;
    await this.outbox.add(tx, apiTokenChanged, {
      aggregateId: id,
      version: action === 'created' ? MADE : REVOKED,
      by: doerOf(call),
      data: { id, userId, name, permissions, expiresAt: expiresAt.toISOString(), action },
    });
  }
}

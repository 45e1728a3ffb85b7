import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import {
  userChanged,
  type checkActor,
  type CreatedUser,
  type DirectoryEntry,
  type DirectoryQuery,
  type NewUser,
  type User as UserView,
  type UserQuery,
} from '#contracts/auth';
import type { Page } from '#contracts/common';
import type { Doer } from '#contracts/event';
import { doerOf, type Call } from '#messaging/handles';
import { Outbox } from '#messaging/outbox';
import { Clock } from '#platform/clock';
import { byText, decodeCursor, pageOf } from '#platform/cursor';
import { Idempotency } from '#platform/idempotency';
import { hashPassword, passwordFrom } from '../password.js';
import { TeamService } from '../team/team.service.js';
import { Vault } from '../vault.js';
import { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';
import { assertManagesUsers, newUsername, stateOf, usernameTaken, viewOf } from './user.rules.js';

@Injectable()
export class UserService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserRepository,
    private readonly teams: TeamService,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * Whoever chose the first password, it was not the user: it is changed at the first sign-in.
   * Errors: `conflict/username-taken`; `invalid/validation` for a team that there isn't.
   */
  async create(input: z.output<typeof NewUser>, call: Call): Promise<z.output<typeof CreatedUser>> {
    assertManagesUsers(call.actor);
    const { password, ...profile } = { ...input, username: newUsername(input.username) };
    // The request's hash is kept for a day: no password that could be guessed goes into it as it is.
    const request = { ...profile, password: password && this.vault.derive('fingerprint', password).toString('hex') };
    const id = v7();
    const hash = await hashPassword(password ?? this.initialPassword(id));
    return this.dataSource.transaction(async (tx) => {
      const { userId } = await this.idempotency.once(tx, call, request, async () => {
        if (profile.teamId) await this.teams.assertJoinable(tx, profile.teamId);
        const user = User.create(id, profile, { hash, mustChange: true }, this.clock.now());
        if (!(await this.users.insertUnlessNamed(tx, user))) throw usernameTaken();
        await this.outbox.add(tx, userChanged, { ...stateOf(user), by: doerOf(call) });
        return { userId: id };
      });
      const view = viewOf(await this.users.get(tx, userId));
      // A replay comes too late for it once the user has been changed.
      const shown = password === undefined && view.version === 1;
      return shown ? { ...view, initialPassword: this.initialPassword(userId) } : view;
    });
  }

  async get(userId: string, call: Call): Promise<UserView> {
    assertManagesUsers(call.actor);
    return viewOf(await this.users.get(this.dataSource.manager, userId));
  }

  async me(call: Call): Promise<UserView> {
    return viewOf(await this.users.get(this.dataSource.manager, call.actor.userId));
  }

  async list(query: z.output<typeof UserQuery>, call: Call): Promise<Page<UserView>> {
    assertManagesUsers(call.actor);
    const { active, role, teamId } = query;
    return this.page(query, { active, role, teamId }, call, viewOf);
  }

  /** Names of the active, for anybody. */
  async directory(query: z.output<typeof DirectoryQuery>, call: Call): Promise<Page<z.output<typeof DirectoryEntry>>> {
    return this.page(query, { active: true }, call, ({ id, username, displayName }) => ({ id, username, displayName }));
  }

  async checkActor(userId: string): Promise<z.output<typeof checkActor.output>> {
    const { active, role, username, displayName } = await this.users.get(this.dataSource.manager, userId);
    return { active, role, username, displayName };
  }

  // What the other resources build on, in their own transactions.

  findByUsername = (username: string) => this.users.findByUsername(this.dataSource.manager, username);
  find = (userId: string) => this.users.get(this.dataSource.manager, userId);
  lock = (tx: EntityManager, userId: string) => this.users.lock(tx, userId);
  lockAdministrators = (tx: EntityManager) => this.users.lockAdministrators(tx);
  countRevocation = (tx: EntityManager, userId: string) => this.users.countRevocation(tx, userId);

  async save(tx: EntityManager, user: User, by: Doer): Promise<void> {
    await this.users.save(tx, user);
    await this.outbox.add(tx, userChanged, { ...stateOf(user), by });
  }

  /** Derived, not drawn: so that a replayed request is answered with it again, and it is kept nowhere. */
  private initialPassword(userId: string): string {
    return passwordFrom(this.vault.derive('initial-password', userId));
  }

  private async page<T>(
    query: z.output<typeof DirectoryQuery>,
    filter: Pick<z.output<typeof UserQuery>, 'active' | 'role' | 'teamId'>,
    call: Call,
    show: (user: User) => T,
  ): Promise<Page<T>> {
    const binding = { actorId: call.actor.userId, filter: query };
    const [after] = decodeCursor(binding, query.cursor, byText) ?? [];
    const found = await this.users.find(this.dataSource.manager, {
      ...filter,
      q: query.q,
      after: after === undefined ? undefined : String(after),
      limit: query.limit + 1,
    });
    const { items, nextCursor } = pageOf(found, query.limit, binding, (user) => [user.username]);
    return { items: items.map(show), nextCursor };
  }
}

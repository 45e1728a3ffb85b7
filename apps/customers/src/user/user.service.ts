import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { checkActor } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { Bus } from '#messaging/bus';
import { UserRepository, type User } from './user.repository.js';

export type { User } from './user.repository.js';

@Injectable()
export class UserService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserRepository,
    private readonly bus: Bus,
  ) {}

  /** A user; of one whose event has not come yet, auth is asked, and its answer kept. */
  async find(id: string): Promise<User | undefined> {
    const known = await this.users.find(this.dataSource.manager, id);
    if (known) return known;
    const answer = await this.bus.request(checkActor.askedBy('customers'), { userId: id }).catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'not-found') return undefined;
      throw error;
    });
    if (!answer) return undefined;
    const user = { id, teamId: null, ...answer };
    // Version 0: whatever event comes is newer.
    await this.users.keep(this.dataSource.manager, [{ ...user, version: 0 }]);
    return user;
  }

  /** Users by their names, as far as they are known. */
  async byUsernames(tx: EntityManager, usernames: string[]): Promise<Map<string, User>> {
    const users = await this.users.byUsernames(tx, usernames);
    return new Map(users.map((user) => [user.username, user]));
  }

  async keep(tx: EntityManager, users: (User & { version: number })[]): Promise<void> {
    await this.users.keep(tx, users);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Role } from '#contracts/context';
import { notFound, staleVersion } from '#contracts/errors';
import { User } from './user.entity.js';
import { viewOf } from './user.rules.js';

interface Find {
  q?: string;
  active?: boolean;
  role?: Role;
  teamId?: string;
  /** Only those behind this user name. */
  after?: string;
  limit: number;
}

@Injectable()
export class UserRepository {
  async get(tx: EntityManager, id: string): Promise<User> {
    const user = await tx.findOneBy(User, { id });
    if (!user) throw notFound();
    return user;
  }

  async findByUsername(tx: EntityManager, username: string): Promise<User | null> {
    return tx.findOneBy(User, { username });
  }

  /**
   * Whoever changes a user, or what belongs to him, takes his row first: so a sign-in can't slip in between the end of
   * all sessions and the change that ended them, and nobody waits in a circle.
   */
  async lock(tx: EntityManager, id: string): Promise<User> {
    const user = await tx.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!user) throw notFound();
    return user;
  }

  /** In user name order. */
  async find(tx: EntityManager, { q, active, role, teamId, after, limit }: Find): Promise<User[]> {
    const query = tx.createQueryBuilder(User, 'u').orderBy('u.username').limit(limit);
    if (after !== undefined) query.andWhere('u.username > :after', { after });
    if (active !== undefined) query.andWhere('u.active = :active', { active });
    if (role !== undefined) query.andWhere('u.role = :role', { role });
    if (teamId !== undefined) query.andWhere('u.teamId = :teamId', { teamId });
    if (q !== undefined) {
      const like = `%${q
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere('(u.username LIKE :like OR lower(normalize(u.displayName, NFKC)) LIKE :like)', { like });
    }
    return query.getMany();
  }

  /** In the order of their ids, behind `after`. */
  async page(tx: EntityManager, after: string | undefined, limit: number): Promise<User[]> {
    const query = tx.createQueryBuilder(User, 'u').orderBy('u.id').limit(limit);
    if (after !== undefined) query.where('u.id > :after', { after });
    return query.getMany();
  }

  /** Gives whether it was new: a user of this name is left as he is. */
  async insertUnlessNamed(tx: EntityManager, user: User): Promise<boolean> {
    const insert = tx.createQueryBuilder().insert().into(User).values(user).orIgnore().returning('id');
    const result = await insert.execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** The version was raised by one since the user was read. Errors: `precondition-failed/stale-version`. */
  async save(tx: EntityManager, user: User): Promise<void> {
    const { id, username: _kept, createdAt: _too, revocations: _apart, ...columns } = user;
    const { affected } = await tx.update(User, { id, version: user.version - 1 }, columns);
    if (affected !== 1) throw staleVersion(viewOf(await this.get(tx, id)));
  }

  /** Gives which revocation it is. */
  async countRevocation(tx: EntityManager, id: string): Promise<number> {
    await tx.increment(User, { id }, 'revocations', 1);
    const { revocations } = await tx.findOneOrFail(User, { select: { revocations: true }, where: { id } });
    return revocations;
  }

  /** One change at a time that could take the last administrator; gives how many are active. */
  async lockAdministrators(tx: EntityManager): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('auth administrators', 0))`);
    return tx.countBy(User, { role: 'administrator', active: true });
  }
}

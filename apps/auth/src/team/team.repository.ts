import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { Team } from './team.entity.js';
import type { CountedTeam } from './team.rules.js';

const COUNTED = `
  SELECT t.id, t.name, t.name_folded AS "nameFolded", t.parent_id AS "parentId", t.position, t.version,
    (SELECT count(*) FROM users u WHERE u.team_id = t.id)::int AS "memberCount"
  FROM teams t`;

@Injectable()
export class TeamRepository {
  /** The whole tree, siblings in their order. */
  async all(tx: EntityManager): Promise<CountedTeam[]> {
    return tx.query<CountedTeam[]>(`${COUNTED} ORDER BY t.position, t.name, t.id`);
  }

  async counted(tx: EntityManager, id: string): Promise<CountedTeam | undefined> {
    const [team] = await tx.query<CountedTeam[]>(`${COUNTED} WHERE t.id = $1`, [id]);
    return team;
  }

  async find(tx: EntityManager, id: string): Promise<Team | null> {
    return tx.findOneBy(Team, { id });
  }

  async findByName(tx: EntityManager, parentId: string | null, nameFolded: string): Promise<Team | null> {
    return tx.findOneBy(Team, { parentId: parentId ?? IsNull(), nameFolded });
  }

  /** Whether it is there, and stays until the transaction ends: who becomes a member has a team. */
  async keep(tx: EntityManager, id: string): Promise<boolean> {
    const kept = await tx.query<unknown[]>(`SELECT FROM teams WHERE id = $1 FOR KEY SHARE`, [id]);
    return kept.length > 0;
  }

  /** Against those who become members meanwhile. */
  async lock(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`SELECT FROM teams WHERE id = $1 FOR UPDATE`, [id]);
  }

  /** One change of the tree at a time: two moves that are right by themselves could make a circle. */
  async lockTree(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('auth teams', 0))`);
  }

  /** The place behind the last one below this parent. */
  async nextPosition(tx: EntityManager, parentId: string | null): Promise<number> {
    const [{ next }] = await tx.query<[{ next: number }]>(
      `SELECT coalesce(max(position) + 1, 0) AS next FROM teams WHERE parent_id IS NOT DISTINCT FROM $1`,
      [parentId],
    );
    return next;
  }

  /** The others from this place on move one further. */
  async makeRoom(tx: EntityManager, { id, parentId, position }: Team): Promise<void> {
    await tx.query(
      `UPDATE teams SET position = position + 1
       WHERE parent_id IS NOT DISTINCT FROM $1 AND position >= $2 AND id <> $3`,
      [parentId, position, id],
    );
  }

  /** Whether `id` is `below` itself, or stands above it. */
  async isAtOrAbove(tx: EntityManager, id: string, below: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `WITH RECURSIVE path AS (
         SELECT id, parent_id FROM teams WHERE id = $2
         UNION SELECT t.id, t.parent_id FROM teams t JOIN path ON t.id = path.parent_id
       )
       SELECT FROM path WHERE id = $1`,
      [id, below],
    );
    return found.length > 0;
  }

  async isUsed(tx: EntityManager, id: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `SELECT FROM teams WHERE parent_id = $1 UNION ALL SELECT FROM users WHERE team_id = $1 LIMIT 1`,
      [id],
    );
    return found.length > 0;
  }

  /** The members of a manager's team and of those below it; nobody's, of one who is no active manager. */
  async managedBy(tx: EntityManager, userId: string): Promise<string[]> {
    return this.membersFrom(tx, `SELECT team_id FROM users WHERE id = $1 AND role = 'manager' AND active`, userId);
  }

  /** The members of a team and of those below it. */
  async membersOf(tx: EntityManager, teamId: string): Promise<string[]> {
    return this.membersFrom(tx, `SELECT $1::uuid`, teamId);
  }

  private async membersFrom(tx: EntityManager, team: string, parameter: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `WITH RECURSIVE below (id) AS (
         ${team}
         UNION SELECT t.id FROM teams t JOIN below ON t.parent_id = below.id
       )
       SELECT u.id FROM users u JOIN below ON u.team_id = below.id ORDER BY u.id`,
      [parameter],
    );
    return rows.map(({ id }) => id);
  }

  async insert(tx: EntityManager, team: Team): Promise<void> {
    await tx.insert(Team, team);
  }

  /** The version was raised by one since it was read. Tells whether nobody else was faster. */
  async save(tx: EntityManager, { id, ...columns }: Team): Promise<boolean> {
    const { affected } = await tx.update(Team, { id, version: columns.version - 1 }, columns);
    return affected === 1;
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(Team, { id });
  }
}

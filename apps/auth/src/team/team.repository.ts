import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TreeRepository } from '#platform/tree';
import { Team } from './team.entity.js';
import type { CountedTeam } from './team.rules.js';

const COUNTED = `
  SELECT t.id, t.name, t.name_folded AS "nameFolded", t.parent_id AS "parentId", t.position, t.version,
    (SELECT count(*) FROM users u WHERE u.team_id = t.id)::int AS "memberCount"
  FROM teams t`;

@Injectable()
export class TeamRepository extends TreeRepository<Team> {
  constructor() {
    super(Team, 'teams');
  }

  /** The whole tree, siblings in their order. */
  async all(tx: EntityManager): Promise<CountedTeam[]> {
    return tx.query<CountedTeam[]>(`${COUNTED} ORDER BY t.position, t.name, t.id`);
  }

  async counted(tx: EntityManager, id: string): Promise<CountedTeam | undefined> {
    const [team] = await tx.query<CountedTeam[]>(`${COUNTED} WHERE t.id = $1`, [id]);
    return team;
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
}

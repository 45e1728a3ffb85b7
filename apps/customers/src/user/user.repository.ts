import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Role } from '#contracts/context';

/** What this service keeps of auth's users. */
export interface User {
  id: string;
  username: string;
  displayName: string;
  role: Role;
  active: boolean;
  teamId: string | null;
}

const SHOWN = `id, username, display_name AS "displayName", role, active, team_id AS "teamId"`;

@Injectable()
export class UserRepository {
  async find(tx: EntityManager, id: string): Promise<User | undefined> {
    const [user] = await tx.query<User[]>(`SELECT ${SHOWN} FROM users WHERE id = $1`, [id]);
    return user;
  }

  async byUsernames(tx: EntityManager, usernames: string[]): Promise<User[]> {
    return tx.query<User[]>(`SELECT ${SHOWN} FROM users WHERE username = ANY ($1)`, [usernames]);
  }

  /** Keeps what is newer than what is known. */
  async keep(tx: EntityManager, users: (User & { version: number })[]): Promise<void> {
    await tx.query(
      `INSERT INTO users (id, username, display_name, role, active, team_id, version)
       SELECT DISTINCT ON (id) id, username, "displayName", role, active, "teamId", version
       FROM jsonb_to_recordset($1::jsonb)
         AS told (id uuid, username text, "displayName" text, role text, active boolean, "teamId" uuid, version int)
       ORDER BY id, version DESC
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name,
         role = excluded.role, active = excluded.active, team_id = excluded.team_id, version = excluded.version
       WHERE excluded.version > users.version`,
      [JSON.stringify(users)],
    );
  }
}

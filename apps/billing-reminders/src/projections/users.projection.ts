import type { EntityManager } from 'typeorm';
import { userChanged } from '#contracts/auth';
import { isEvent, Projection, type ParsedEvent } from '#messaging/projection';

/** Names, addresses, roles and teams of those who own customers and receive digests. */
@Projection({ name: 'billing-users', from: [userChanged] })
export class UsersProjection {
  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const users = events
      .filter((event) => isEvent(userChanged, event))
      .map(({ version, data }) => ({ ...data, version }));
    await tx.query(
      `INSERT INTO users (id, username, display_name, email, role, team_id, active, version)
       SELECT DISTINCT ON (id) id, username, "displayName", email, role, "teamId", active, version
       FROM jsonb_to_recordset($1::jsonb) AS told (
         id uuid, username text, "displayName" text, email text, role text, "teamId" uuid, active boolean,
         version int)
       ORDER BY id, version DESC
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name,
         email = excluded.email, role = excluded.role, team_id = excluded.team_id, active = excluded.active,
         version = excluded.version
       WHERE users.version < excluded.version`,
      [JSON.stringify(users)],
    );
  }
}

import type { EntityManager } from 'typeorm';
import { userChanged } from '#contracts/auth';
import { settingsChanged } from '#contracts/settings';
import { isEvent, Projection, type ParsedEvent } from '#messaging/projection';

/** Names, addresses, languages, roles and teams of those who own customers and receive digests; the organisation's settings. */
@Projection({ name: 'billing-users', from: [userChanged, settingsChanged] })
export class UsersProjection {
  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    await this.users(tx, events);
    for (const event of events) if (isEvent(settingsChanged, event)) await this.settings(tx, event);
  }

  private async settings(tx: EntityManager, { version, data }: ParsedEvent): Promise<void> {
    await tx.query(
      `INSERT INTO settings (settings, version) VALUES ($1, $2)
       ON CONFLICT (single) DO UPDATE SET settings = excluded.settings, version = excluded.version
       WHERE settings.version < excluded.version`,
      [data, version],
    );
  }

  private async users(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const users = events
      .filter((event) => isEvent(userChanged, event))
      .map(({ version, data }) => ({ ...data, version }));
    await tx.query(
      `INSERT INTO users (id, username, display_name, email, language, role, team_id, active, version)
       SELECT DISTINCT ON (id) id, username, "displayName", email, language, role, "teamId", active, version
       FROM jsonb_to_recordset($1::jsonb) AS told (
         id uuid, username text, "displayName" text, email text, language text, role text, "teamId" uuid,
         active boolean, version int)
       ORDER BY id, version DESC
       ON CONFLICT (id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name,
         email = excluded.email, language = excluded.language, role = excluded.role, team_id = excluded.team_id,
         active = excluded.active, version = excluded.version
       WHERE users.version < excluded.version`,
      [JSON.stringify(users)],
    );
  }
}

import type { EntityManager } from 'typeorm';
import { userChanged } from '#contracts/auth';
import { isEvent, Projection, type ParsedEvent } from '#messaging/projection';
import { UserService } from '../user/user.service.js';

/** Names, roles, teams and who is disabled, as auth tells them. */
@Projection({ name: 'customers-users', from: [userChanged] })
export class UsersProjection {
  constructor(private readonly users: UserService) {}

  async apply(tx: EntityManager, events: ParsedEvent[]): Promise<void> {
    const changed = events.filter((event) => isEvent(userChanged, event));
    const states = changed.map(({ version, data: { id, username, displayName, role, active, teamId } }) => ({
      id,
      username,
      displayName,
      role,
      active,
      teamId,
      version,
    }));
    await this.users.keep(tx, states);
  }
}

import type { DataSource, EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { NewPassword, userChanged, Username } from '#contracts/auth';
import { line } from '#contracts/common';
import { Role } from '#contracts/context';
import { teamChanged } from '#contracts/teams';
import { Outbox } from '#messaging/outbox';
import type { Clock } from '#platform/clock';
import { fold } from '#text/fold';
import { hashPassword } from './password.js';
import { Team } from './team/team.entity.js';
import { TeamRepository } from './team/team.repository.js';
import { stateOf as teamState } from './team/team.rules.js';
import { User } from './user/user.entity.js';
import { UserRepository } from './user/user.repository.js';
import { foldUsername, stateOf } from './user/user.rules.js';

export const SeedAccounts = z.array(
  z.strictObject({
    username: z.string().transform(foldUsername).pipe(Username),
    password: NewPassword,
    role: Role,
    displayName: line(100),
    mustChangePassword: z.boolean().default(false),
    /** By its name, at the top of the tree; made where there is none. */
    team: line(60).optional(),
  }),
);

/** Creates the accounts that don't exist yet, and leaves the others as they are. Gives the names of the new ones. */
export async function seedAccounts(
  accounts: z.output<typeof SeedAccounts>,
  dataSource: DataSource,
  clock: Clock,
): Promise<string[]> {
  const users = new UserRepository();
  const outbox = new Outbox('auth');
  const created: string[] = [];
  for (const { password, mustChangePassword, team, ...profile } of accounts) {
    if (await users.findByUsername(dataSource.manager, profile.username)) continue;
    const hash = await hashPassword(password);
    await dataSource.transaction(async (tx) => {
      const teamId = team === undefined ? undefined : await teamCalled(team, tx, outbox);
      const user = User.create(v7(), { ...profile, teamId }, { hash, mustChange: mustChangePassword }, clock.now());
      if (!(await users.insertUnlessNamed(tx, user))) return;
      await outbox.add(tx, userChanged, { ...stateOf(user), by: null });
      created.push(user.username);
    });
  }
  return created;
}

async function teamCalled(name: string, tx: EntityManager, outbox: Outbox): Promise<string> {
  const teams = new TeamRepository();
  await teams.lockTree(tx);
  const known = await teams.findByName(tx, null, fold(name));
  if (known) return known.id;
  const team = Team.create(v7(), name, null, await teams.nextPosition(tx, null));
  await teams.insert(tx, team);
  await outbox.add(tx, teamChanged, { ...teamState(team), by: null });
  return team.id;
}

import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { NewPassword, userChanged, Username } from '#contracts/auth';
import { line } from '#contracts/common';
import { Role } from '#contracts/context';
import { Outbox } from '#messaging/outbox';
import type { Clock } from '#platform/clock';
import { hashPassword } from './password.js';
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
  for (const { password, mustChangePassword, ...profile } of accounts) {
    if (await users.findByUsername(dataSource.manager, profile.username)) continue;
    const hash = await hashPassword(password);
    const user = User.create(v7(), profile, { hash, mustChange: mustChangePassword }, clock.now());
    await dataSource.transaction(async (tx) => {
      if (!(await users.insertUnlessNamed(tx, user))) return;
      await outbox.add(tx, userChanged, { ...stateOf(user), by: null });
      created.push(user.username);
    });
  }
  return created;
}

import { can } from '#access/permissions';
import { Username, type User as UserView } from '#contracts/auth';
import type { Actor } from '#contracts/context';
import { AppError, forbidden } from '#contracts/errors';
import type { User } from './user.entity.js';

/** Two names that differ in case or width alone are the same name. */
export const foldUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase();

/** The name as it is kept. Errors: `invalid/validation` where folding leaves what is no user name. */
export function newUsername(username: string): string {
  const folded = Username.safeParse(foldUsername(username));
  if (folded.success) return folded.data;
  const message = folded.error.issues[0]?.message ?? 'Not a user name';
  throw new AppError('invalid', 'validation', { errors: [{ pointer: '/username', code: 'invalid-format', message }] });
}

/**
 * The gateway has asked this already; who manages users could make himself anything, so it is asked here again.
 * Errors: `forbidden/…`.
 */
export function assertManagesUsers(actor: Actor): void {
  if (!can(actor, 'users.manage')) throw forbidden();
  if (actor.mustChangePassword) throw forbidden('password-change-required');
}

const administers = (user: Pick<User, 'role' | 'active'>) => user.active && user.role === 'administrator';

/** Whether the change takes an administrator from the organisation. */
export const losesAdministrator = (before: Pick<User, 'role' | 'active'>, after: Pick<User, 'role' | 'active'>) =>
  administers(before) && !administers(after);

/** Somebody must be left who can manage users. Errors: `rule-violated/last-administrator`. */
export function assertAdministratorLeft(activeAdministrators: number): void {
  if (activeAdministrators <= 1) throw new AppError('rule-violated', 'last-administrator');
}

/** Errors: `rule-violated/cannot-disable-oneself`. */
export function assertNotOneself(actor: Actor, userId: string): void {
  if (actor.userId === userId) throw new AppError('rule-violated', 'cannot-disable-oneself');
}

export const usernameTaken = () =>
  new AppError('conflict', 'username-taken', {
    errors: [{ pointer: '/username', code: 'taken', message: 'Another user has this name' }],
  });

/** The user as the API shows him. */
export function viewOf(user: User): UserView {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    role: user.role,
    email: user.email ?? undefined,
    teamId: user.teamId ?? undefined,
    language: user.language ?? undefined,
    active: user.active,
    mustChangePassword: user.mustChangePassword,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
    version: user.version,
  };
}

/** The user as the other services learn of him. */
export function stateOf({ id, username, displayName, role, email, teamId, language, active, version }: User) {
  return { aggregateId: id, version, data: { id, username, displayName, role, email, teamId, language, active } };
}

/** A new password that the user chose himself. Errors: `invalid/validation`. */
export function assertNewPassword(currentPassword: string, newPassword: string): void {
  if (currentPassword !== newPassword) return;
  const errors = [{ pointer: '/newPassword', code: 'same-password', message: 'It is the password of now' }];
  throw new AppError('invalid', 'validation', { errors });
}

export const wrongPassword = () =>
  new AppError('invalid', 'validation', {
    errors: [{ pointer: '/currentPassword', code: 'wrong-password', message: 'Not the password of now' }],
  });

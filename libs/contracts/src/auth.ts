import { z } from 'zod';
import { Done, Empty, Id, Language, Timestamp, Version, line, pageOf, pageQuery } from './common.js';
import { Role } from './context.js';
import { event } from './event.js';
import { anySvc, rpc } from './rpc.js';

export const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,63}$/u, 'Letters, digits, dot, dash and underscore; 2 to 64 of them');
export const NewPassword = z.string().min(10, 'At least 10 characters').max(200);

export const User = z.object({
  id: Id,
  username: z.string(),
  displayName: z.string(),
  role: Role,
  email: z.string().optional(),
  teamId: Id.optional(),
  /** Of mails to him; without one, the organisation's. */
  language: Language.optional(),
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: Version,
});
export type User = z.infer<typeof User>;

export const LoginRequest = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});

export const Session = z.object({
  accessToken: z.string(),
  /** Seconds until the access token expires. */
  expiresIn: z.int(),
  refreshToken: z.string(),
  user: User,
});
export type Session = z.infer<typeof Session>;

/**
 * `address` is the caller's network address as the gateway sees it. `device` is what his browser was given at its last
 * sign-in, empty if it has nothing yet, left out for programs, which keep nothing; the answer's is to be kept.
 */
export const login = rpc('auth.session.login', {
  input: LoginRequest.extend({ address: z.string(), device: z.string().max(100).optional() }),
  output: Session.extend({ device: z.string().optional() }),
  anonymous: true,
});
export const refresh = rpc('auth.session.refresh', {
  input: z.strictObject({ refreshToken: z.string().min(1).max(500) }),
  output: Session,
  anonymous: true,
});
export const logout = rpc('auth.session.logout', { input: Empty, output: Done });
export const logoutAll = rpc('auth.session.logout-all', { input: Empty, output: Done });
/** Is the session alive, and its user enabled, as of now? */
export const checkSession = rpc('auth.session.check', {
  input: z.strictObject({ sessionId: Id }),
  output: z.object({ active: z.boolean() }),
  anonymous: true,
  timeout: 1_500,
});

export const PasswordChange = z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword: NewPassword });
export const getMe = rpc('auth.me.get', { input: Empty, output: User });
/** What one settles for oneself. */
export const MePatch = z.strictObject({ language: Language.nullable().optional() });
export const updateMe = rpc('auth.me.update', { input: z.strictObject({ patch: MePatch }), output: User });
/** Ends every other session; the caller's own goes on. */
export const changePassword = rpc('auth.me.change-password', { input: PasswordChange, output: Done });

export const NewUser = z.strictObject({
  username: Username,
  displayName: line(100),
  role: Role,
  email: z.email().max(254).optional(),
  teamId: Id.optional(),
  language: Language.optional(),
  /** Left out: one is made, and shown once. Either way it must be changed at the first sign-in. */
  password: NewPassword.optional(),
});
export const UserPatch = z.strictObject({
  displayName: line(100).optional(),
  role: Role.optional(),
  email: z.email().max(254).nullable().optional(),
  teamId: Id.nullable().optional(),
  language: Language.nullable().optional(),
});
export const UserQuery = z.strictObject({
  ...pageQuery,
  q: line(100).optional(),
  active: z.stringbool().optional(),
  role: Role.optional(),
  teamId: Id.optional(),
});
export const CreatedUser = User.extend({ initialPassword: z.string().optional() });
const userId = { userId: Id };

export const listUsers = rpc('auth.user.list', { input: UserQuery, output: pageOf(User) });
export const createUser = rpc('auth.user.create', { input: NewUser, output: CreatedUser });
export const getUser = rpc('auth.user.get', { input: z.strictObject(userId), output: User });
export const updateUser = rpc('auth.user.update', {
  input: z.strictObject({ ...userId, patch: UserPatch }),
  output: User,
});
export const disableUser = rpc('auth.user.disable', { input: z.strictObject(userId), output: User });
export const enableUser = rpc('auth.user.enable', { input: z.strictObject(userId), output: User });
export const resetPassword = rpc('auth.user.reset-password', {
  input: z.strictObject(userId),
  output: z.object({ password: z.string() }),
});

export const DirectoryEntry = z.object({ id: Id, username: z.string(), displayName: z.string() });
export const DirectoryQuery = z.strictObject({ ...pageQuery, q: line(100).optional() });
export const listDirectory = rpc('auth.user.directory', { input: DirectoryQuery, output: pageOf(DirectoryEntry) });

/** The public keys that access tokens are verified with (JWK, Ed25519), newest first. */
export const listKeys = anySvc('auth.key.list', {
  input: Empty,
  output: z.object({
    keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), crv: z.string(), x: z.string() })),
  }),
});
/** For work that outlives a request: may this user still act, and as what? */
export const checkActor = anySvc('auth.actor.check', {
  input: z.strictObject(userId),
  output: z.object({ active: z.boolean(), role: Role, username: z.string(), displayName: z.string() }),
});

export const userChanged = event(
  'auth.user.changed',
  z.object({
    id: Id,
    username: z.string(),
    displayName: z.string(),
    role: Role,
    email: z.string().nullable(),
    teamId: Id.nullable(),
    /** Left out in events from before users had one. */
    language: Language.nullable().optional(),
    active: z.boolean(),
  }),
);
/** One session, or with `sessionId: null` every session of the user, has ended. */
export const sessionsRevoked = event('auth.session.revoked', z.object({ userId: Id, sessionId: Id.nullable() }));

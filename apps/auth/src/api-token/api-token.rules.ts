import { createHash } from 'node:crypto';
import { can, GRANTABLE } from '#access/permissions';
import type { ApiToken as ApiTokenView } from '#contracts/api-tokens';
import type { Actor } from '#contracts/context';
import { AppError, type FieldFault } from '#contracts/errors';
import type { ApiToken } from './api-token.entity.js';

/** Of one user. Expired ones are listed until their place is wanted. */
export const MOST = 20;
const LONGEST_MS = 366 * 86_400_000;
const MINUTE_MS = 60_000;
const PREFIX = 'hfx_';
const HINT_LETTERS = 4;

type Wanted = Pick<ApiTokenView, 'permissions' | 'expiresAt'>;

export const apiTokenFrom = (bits: Buffer): string => PREFIX + bits.toString('base64url');
export const hintOf = (token: string): string => token.slice(-HINT_LETTERS);

/** All that is kept of a token. It has 256 random bits, so a plain digest is enough. */
export const apiTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Nobody gives away what he doesn't have, nor for longer than a year. Errors: `invalid/validation`. */
export function assertMayBeGiven(actor: Actor, { permissions, expiresAt }: Wanted, now: Date): void {
  const life = Date.parse(expiresAt) - now.getTime();
  const errors: FieldFault[] = permissions.flatMap((permission, n) => {
    const given = GRANTABLE.find((one) => one === permission);
    if (given && can(actor, given)) return [];
    const message = 'Not a permission that one may give to a token';
    return [{ pointer: `/permissions/${n}`, code: 'not-grantable', message }];
  });
  if (life <= 0 || life > LONGEST_MS) {
    errors.push({ pointer: '/expiresAt', code: 'out-of-range', message: 'A time to come, within a year' });
  }
  if (errors.length > 0) throw new AppError('invalid', 'validation', { errors });
}

/** Its last use is kept to the minute: a program that asks all day costs a write a minute. */
export const isWorthNoting = ({ lastUsedAt }: Pick<ApiToken, 'lastUsedAt'>, now: Date): boolean =>
  lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= MINUTE_MS;

/** The token as the API shows it. */
export function viewOf({ id, name, permissions, hint, ...times }: ApiToken): ApiTokenView {
  return {
    id,
    name,
    permissions,
    expiresAt: times.expiresAt.toISOString(),
    lastUsedAt: times.lastUsedAt?.toISOString(),
    createdAt: times.createdAt.toISOString(),
    hint,
  };
}

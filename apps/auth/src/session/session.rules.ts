import { createHash, randomBytes } from 'node:crypto';
import type { Session } from './session.entity.js';

const DAY_MS = 86_400_000;
export const ABSOLUTE_LIFE_MS = 30 * DAY_MS;
const IDLE_MS = 7 * DAY_MS;
/** So long a rotated token is answered once more: the first answer was lost, or two tabs asked at once. */
export const GRACE_MS = 5_000;

/** A session that was last used before this has ended by itself. */
export const idleSince = (now: Date) => new Date(now.getTime() - IDLE_MS);

export type Verdict = 'rotate' | 'repeat' | 'reused' | 'ended';

/**
 * What a refresh token of this generation is worth. `repeat`: the same child once more. `reused`: two parties hold
 * tokens of this family, and nobody knows which is the thief; it ends for both.
 */
export function judgeRefresh(
  session: Pick<Session, 'generation' | 'rotatedAt' | 'expiresAt' | 'endedAt'>,
  generation: number,
  now: Date,
): Verdict {
  if (session.endedAt || session.expiresAt <= now || session.rotatedAt <= idleSince(now)) return 'ended';
  if (generation === session.generation) return 'rotate';
  const justRotated = generation === session.generation - 1 && now.getTime() - session.rotatedAt.getTime() <= GRACE_MS;
  return justRotated ? 'repeat' : 'reused';
}

export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** All that is kept of a token. It has 256 random bits, so a plain digest is enough. */
export const refreshTokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

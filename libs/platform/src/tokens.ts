import { createLocalJWKSet, errors as jose, jwtVerify, type JWK } from 'jose';
import { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { Clock } from './clock.js';

export const TOKEN_ISSUER = 'hongfuxing-auth';
export const TOKEN_AUDIENCE = 'hongfuxing';
const REMEMBERED = 20_000;
/** An unknown key id makes us ask for the keys again, at most this often. */
const REFETCH_MS = 1_000;
/** A key that auth publishes no more is believed no longer than this, and neither is what it has signed. */
const KEYS_BELIEVED_MS = 10_000;
/** Work that a valid token began may go on for so long after it. */
const LONGEST_WORK_MS = 3_600_000;

interface Verified {
  actor: Actor;
  expires: number;
}

/** Verifies access tokens against auth's key set, and remembers those it has verified until they expire. */
export class TokenVerifier {
  private readonly verified = new Map<string, Verified>();
  private keys?: ReturnType<typeof createLocalJWKSet>;
  private kids = '';
  private fetching?: Promise<void>;
  private fetchedAt = -Infinity;

  constructor(
    private readonly fetchKeys: () => Promise<JWK[]>,
    private readonly clock: Clock,
  ) {}

  /**
   * Who asks; `begun`: who has begun, epoch ms, what goes on for longer than his token lives. Errors:
   * `unauthenticated/invalid-token`; `unavailable` while the keys can't be had.
   */
  async verify(token: string, begun = Infinity): Promise<Actor> {
    const now = this.clock.now().getTime();
    const at = Math.min(now, Math.max(begun, now - LONGEST_WORK_MS));
    if (now - this.fetchedAt >= KEYS_BELIEVED_MS) await this.refetch();
    const known = this.verified.get(token);
    if (known && known.expires > at) return known.actor;

    const { payload } = await this.check(token, at);
    const actor = Actor.safeParse({
      userId: payload.sub,
      username: payload['name'],
      role: payload['role'],
      sessionId: payload['sid'],
      mustChangePassword: payload['mcp'],
      permissions: payload['perm'],
    });
    if (!actor.success || payload['use'] !== 'access') throw new AppError('unauthenticated', 'invalid-token');
    if (this.verified.size >= REMEMBERED) this.verified.clear();
    this.verified.set(token, { actor: actor.data, expires: (payload.exp ?? 0) * 1_000 });
    return actor.data;
  }

  private async check(token: string, at: number) {
    try {
      return await this.checkOnce(token, at);
    } catch (error) {
      const newKey = error instanceof jose.JWKSNoMatchingKey;
      if (!newKey || this.clock.now().getTime() - this.fetchedAt < REFETCH_MS) throw invalidToken(error);
    }
    await this.refetch();
    try {
      return await this.checkOnce(token, at);
    } catch (error) {
      throw invalidToken(error);
    }
  }

  private async checkOnce(token: string, at: number) {
    if (!this.keys) throw new AppError('unavailable', 'no-signing-keys');
    return jwtVerify(token, this.keys, {
      algorithms: ['EdDSA', 'Ed25519'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      requiredClaims: ['exp', 'sub', 'iat'],
      currentDate: new Date(at),
    });
  }

  private async refetch(): Promise<void> {
    this.fetching ??= this.fetchKeys()
      .then((keys) => {
        this.keys = createLocalJWKSet({ keys });
        this.fetchedAt = this.clock.now().getTime();
        const kids = keys.map(({ kid }) => kid).join();
        if (kids !== this.kids) this.verified.clear();
        this.kids = kids;
      })
      .finally(() => (this.fetching = undefined));
    return this.fetching;
  }
}

function invalidToken(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('unauthenticated', 'invalid-token');
}

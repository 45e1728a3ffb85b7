import { Injectable, type OnModuleInit } from '@nestjs/common';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import type { listKeys } from '#contracts/auth';
import { Clock } from '#platform/clock';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '#platform/tokens';
import type { User } from '../user/user.entity.js';
import { Vault } from '../vault.js';
import { SigningKey } from './signing-key.entity.js';
import { SigningKeyRepository } from './signing-key.repository.js';
import { expiry, PUBLISHED_AHEAD_MS, signingKey, verifyingKeys } from './signing-key.rules.js';

const ALGORITHM = 'EdDSA';

interface Limits {
  permissions: string[];
  expiresAt: Date;
}

/** Signs access tokens, and publishes what they are verified with. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly opened = new Map<string, CryptoKey>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: SigningKeyRepository,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** The first start makes the first key. Fails if the keys were sealed with another secret. */
  async onModuleInit(): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await this.keys.lock(tx);
      if ((await this.keys.all(tx)).length === 0) await this.make(tx, this.clock.now());
    });
    await this.open(await this.current());
  }

  /** An access token: who asks, as what, in which session; for an API token within the limits of that. */
  async sign(user: User, sessionId: string, limits: Partial<Limits> = {}): Promise<string> {
    const key = await this.current();
    const issuedAt = Math.floor(this.clock.now().getTime() / 1_000);
    const mustChangePassword = user.mustChangePassword ? { mcp: true } : {};
    const claims = { name: user.username, role: user.role, sid: sessionId, use: 'access', perm: limits.permissions };
    return new SignJWT({ ...claims, ...mustChangePassword })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
      .setSubject(user.id)
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiry(issuedAt, limits.expiresAt))
      .sign(await this.open(key));
  }

  async list(): Promise<z.output<typeof listKeys.output>> {
    const keys = verifyingKeys(await this.keys.all(this.dataSource.manager), this.clock.now());
    return { keys: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' })) };
  }

  /** A new key signs from a few seconds on; the old ones verify until their last token has expired. Gives its id. */
  async rotate(): Promise<string> {
    return this.dataSource.transaction(async (tx) => {
      await this.keys.lock(tx);
      return this.make(tx, new Date(this.clock.now().getTime() + PUBLISHED_AHEAD_MS));
    });
  }

  /** Deletes keys that no valid token can be signed with. */
  async purge(tx: EntityManager): Promise<void> {
    const all = await this.keys.all(tx);
    const kept = new Set(verifyingKeys(all, this.clock.now()));
    await this.keys.delete(
      tx,
      all.filter((key) => !kept.has(key)).map(({ kid }) => kid),
    );
  }

  private async make(tx: EntityManager, signsFrom: Date): Promise<string> {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true });
    const kid = v7();
    const { kty, crv, x } = (await exportJWK(pair.publicKey)) as SigningKey['publicJwk'];
    const sealedJwk = this.vault.seal('signing-key', kid, JSON.stringify(await exportJWK(pair.privateKey)));
    const key = Object.assign(new SigningKey(), { kid, publicJwk: { kty, crv, x }, sealedJwk, signsFrom });
    await this.keys.insert(tx, key);
    return kid;
  }

  /** Asked anew each time: a rotation by another process counts at once. */
  private async current(): Promise<SigningKey> {
    const key = signingKey(await this.keys.all(this.dataSource.manager), this.clock.now());
    if (!key) throw new Error('There is no signing key');
    return key;
  }

  private async open({ kid, sealedJwk }: SigningKey): Promise<CryptoKey> {
    const known = this.opened.get(kid);
    if (known) return known;
    const key = (await importJWK(this.unseal(kid, sealedJwk), ALGORITHM)) as CryptoKey;
    this.opened.set(kid, key);
    return key;
  }

  private unseal(kid: string, sealedJwk: string): JWK {
    try {
      return JSON.parse(this.vault.open('signing-key', kid, sealedJwk)) as JWK;
    } catch (cause) {
      throw new Error('AUTH_KEY_SECRET is not the one that the signing keys were sealed with', { cause });
    }
  }
}

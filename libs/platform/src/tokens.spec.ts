import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { Clock } from './clock.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, TokenVerifier } from './tokens.js';

class TestClock extends Clock {
  time = Date.UTC(2026, 0, 1);
  override now() {
    return new Date(this.time);
  }
}

async function key(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' } as JWK };
}

const clock = new TestClock('Asia/Shanghai');
const claims = {
  name: 'sales01',
  role: 'salesperson',
  sid: '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a',
  use: 'access',
};
const sign = (
  signer: Awaited<ReturnType<typeof key>>,
  more: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
) => {
  const now = Math.floor(clock.time / 1_000);
  return new SignJWT({
    ...claims,
    sub: '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1b',
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    iat: now,
    exp: now + 300,
    ...more,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid, ...header })
    .sign(signer.privateKey);
};

describe('an access token', () => {
  let current: Awaited<ReturnType<typeof key>>;
  let keys: JWK[];
  let fetches: number;
  let verifier: TokenVerifier;

  beforeEach(async () => {
    clock.time = Date.UTC(2026, 0, 1);
    current = await key('k1');
    keys = [current.jwk];
    fetches = 0;
    verifier = new TokenVerifier(async () => {
      fetches += 1;
      return keys;
    }, clock);
  });

  it('tells who asks, until it expires', async () => {
    const token = await sign(current);
    expect(await verifier.verify(token)).toMatchObject({ username: 'sales01', role: 'salesperson' });
    clock.time += 299_000;
    await verifier.verify(token);
    clock.time += 2_000;
    await expect(verifier.verify(token)).rejects.toMatchObject({ kind: 'unauthenticated', slug: 'invalid-token' });
  });

  it('is judged as of when long work began, which is an hour ago at most and no time to come', async () => {
    const token = await sign(current);
    const begun = clock.time + 299_000;
    clock.time += 3_800_000;
    expect(await verifier.verify(token, begun)).toMatchObject({ username: 'sales01' });
    for (const later of [undefined, begun + 2_000, clock.time + 1_000]) {
      await expect(verifier.verify(token, later)).rejects.toMatchObject({ slug: 'invalid-token' });
    }
    clock.time += 100_000;
    await expect(verifier.verify(token, begun)).rejects.toMatchObject({ slug: 'invalid-token' });
    const forged = await sign(await key('k1'));
    await expect(verifier.verify(forged, clock.time)).rejects.toMatchObject({ slug: 'invalid-token' });
  });

  it.each([
    ['another issuer', { iss: 'someone' }],
    ['another audience', { aud: 'someone' }],
    ['no subject', { sub: undefined }],
    ['no expiry', { exp: undefined }],
    ['another use', { use: 'refresh' }],
    ['an unknown role', { role: 'root' }],
  ])('is refused with %s', async (_what, more) => {
    await expect(verifier.verify(await sign(current, more))).rejects.toMatchObject({ slug: 'invalid-token' });
  });

  it('is refused from a stranger who uses our key id', async () => {
    const stranger = await key('k1');
    await expect(verifier.verify(await sign(stranger))).rejects.toMatchObject({ slug: 'invalid-token' });
  });

  it('is refused unsigned', async () => {
    const [, payload] = (await sign(current)).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    await expect(verifier.verify(`${header}.${payload}.`)).rejects.toMatchObject({ slug: 'invalid-token' });
  });

  it('is verified by a key that came later, which is asked for once a second at most', async () => {
    await verifier.verify(await sign(current));
    const next = await key('k2');
    const token = await sign(next);
    await expect(verifier.verify(token)).rejects.toMatchObject({ slug: 'invalid-token' });
    expect(fetches).toBe(1);
    keys = [next.jwk, current.jwk];
    clock.time += 1_001;
    expect(await verifier.verify(token)).toMatchObject({ username: 'sales01' });
    expect(fetches).toBe(2);
  });

  it('is worth nothing any more once its key is no longer published, however long it was meant to live', async () => {
    const [old, next] = [await key('old'), await key('next')];
    keys = [next.jwk, old.jwk];
    const forever = Math.floor(clock.time / 1_000) + 10 ** 9;
    const seen = await sign(old, { exp: forever });
    await verifier.verify(seen);
    keys = [next.jwk];
    clock.time += 10_000;
    for (const token of [seen, await sign(old, { exp: forever, jti: 'unseen' })]) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ slug: 'invalid-token' });
    }
    await verifier.verify(await sign(next));
  });

  it.each(['at once', 'one after the other'])(
    'of a thousand made-up keys, %s, asks for the keys but once',
    async (how) => {
      await verifier.verify(await sign(current));
      clock.time += 1_000;
      const [, payload, signature] = (await sign(current)).split('.');
      const forged = Array.from({ length: 1_000 }, (_, n) => {
        const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: `made-up-${n}` })).toString('base64url');
        return `${header}.${payload}.${signature}`;
      });
      const refused = (token: string) =>
        expect(verifier.verify(token)).rejects.toMatchObject({ slug: 'invalid-token' });
      if (how === 'at once') await Promise.all(forged.map(refused));
      else for (const token of forged) await refused(token);
      expect(fetches).toBe(2);
    },
  );
});

import { createHmac, createPublicKey, KeyObject, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, type JWK } from 'jose';

type Claims = Record<string, unknown>;
type Header = Record<string, unknown>;

export interface Material {
  /** A token that is good, and another of the same user. */
  genuine: string;
  another: string;
  refreshToken: string;
  /** A key that auth publishes, and whose private half we have: what it signs fails for its claims alone. */
  published: { kid: string; privateKey: KeyObject };
  /** The public half of the key that signed the genuine token. */
  publicJwk: JWK;
}

const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const join = (header: Header, payload: string, signer: (input: string) => Buffer) => {
  const input = `${json(header)}.${payload}`;
  return `${input}.${signer(input).toString('base64url')}`;
};
export const signedBy =
  (key: KeyObject) =>
  (header: Header, claims: unknown): string =>
    join(header, json(claims), (input) => sign(null, Buffer.from(input), key));

const DAY = 86_400;
const LONG = 'k'.repeat(4_000);

/** Claims that auth never gives, though the signature is good. */
function wrongClaims(good: Claims): Record<string, unknown> {
  const now = good['iat'] as number;
  const without = (name: string) => ({ ...good, [name]: undefined });
  return {
    'another issuer': { ...good, iss: 'hongfuxing' },
    'no issuer': without('iss'),
    'a list of issuers': { ...good, iss: [good['iss']] },
    'another audience': { ...good, aud: 'hongfuxing-admin' },
    'no audience': without('aud'),
    'an empty list of audiences': { ...good, aud: [] },
    'a list of other audiences': { ...good, aud: ['hongfuxing2', 'HONGFUXING'] },
    'an audience that is an object': { ...good, aud: { hongfuxing: true } },
    'expired a second ago': { ...good, exp: now - 1 },
    'expired long ago': { ...good, iat: now - DAY, exp: now - DAY + 300 },
    'no expiry': without('exp'),
    'an expiry in words': { ...good, exp: String(now + 300) },
    'an expiry of null': { ...good, exp: null },
    'not valid before tomorrow': { ...good, nbf: now + DAY },
    'not valid before a word': { ...good, nbf: 'tomorrow' },
    'no time of issue': without('iat'),
    'no subject': without('sub'),
    'a subject that is no id': { ...good, sub: 'admin' },
    'a subject of SQL': { ...good, sub: "' OR '1'='1" },
    'a list of subjects': { ...good, sub: [good['sub']] },
    'no session': without('sid'),
    'a session that is no id': { ...good, sid: '*' },
    'a session that is an object': { ...good, sid: { $ne: null } },
    'no role': without('role'),
    'an unknown role': { ...good, role: 'root' },
    'a list of roles': { ...good, role: ['administrator'] },
    'no name': without('name'),
    'no use': without('use'),
    'the use of a refresh token': { ...good, use: 'refresh' },
    'a forced change that is a word': { ...good, mcp: 'false' },
    'a payload that is a list': [good],
    'a payload that is a word': 'administrator',
    'a payload of null': null,
  };
}

/** What a stranger may write into the header, hoping that his own key is then taken for ours. */
function strangersHeaders(kid: string, stranger: JWK): Record<string, Header> {
  const own = { alg: 'EdDSA', kid };
  return {
    'our key id': own,
    'no key id': { alg: 'EdDSA' },
    'an unknown key id': { ...own, kid: crypto.randomUUID() },
    'a key id that is a path': { ...own, kid: '../../../../../../dev/null' },
    'a key id that is an address': { ...own, kid: 'http://127.0.0.1:9/keys' },
    'a key id of SQL': { ...own, kid: `${kid}' UNION SELECT '{}'::jsonb --` },
    'a very long key id': { ...own, kid: LONG },
    'an empty key id': { ...own, kid: '' },
    'a key id that is an object': { ...own, kid: { kid } },
    'a key id that is a list': { ...own, kid: [kid] },
    'a key id that is a number': { ...own, kid: 0 },
    'a key id of null': { ...own, kid: null },
    'a key id that reaches for the prototype': { ...own, kid: '__proto__' },
    'the key itself': { ...own, jwk: stranger },
    'the key itself and no id': { alg: 'EdDSA', jwk: stranger },
    'an address of keys': { ...own, jku: 'http://127.0.0.1:9/jwks.json' },
    'an address of a certificate': { ...own, x5u: 'http://127.0.0.1:9/cert.pem' },
    'a certificate': { ...own, x5c: [Buffer.from('a certificate').toString('base64')] },
    'the newer name of the algorithm': { ...own, alg: 'Ed25519' },
  };
}

/** Headers that are no one's to use, even over a good signature. */
const wrongHeaders = (kid: string): Record<string, Header> => ({
  'something critical that we do not know': { alg: 'EdDSA', kid, crit: ['exp'], exp: 0 },
  'an empty list of critical things': { alg: 'EdDSA', kid, crit: [] },
  'a payload that is not encoded': { alg: 'EdDSA', kid, b64: false, crit: ['b64'] },
  'a list of algorithms': { alg: ['EdDSA'], kid },
  'no algorithm': { kid },
});

/** The public key, in each form in which somebody may take it for a shared secret. */
function secretsOf(jwk: JWK): Record<string, Buffer> {
  const key = createPublicKey({ key: jwk as Record<string, string>, format: 'jwk' });
  return {
    'as bytes': Buffer.from(jwk.x as string, 'base64url'),
    'as text': Buffer.from(jwk.x as string),
    'as JSON': Buffer.from(JSON.stringify(jwk)),
    'as PEM': Buffer.from(key.export({ type: 'spki', format: 'pem' })),
    'as DER': key.export({ type: 'spki', format: 'der' }),
    'as its id': Buffer.from(jwk.kid as string),
    'as nothing': Buffer.alloc(0),
  };
}

/** Every token that must not open anything, by what is wrong with it. Each is three parts of base64url. */
export async function forgedTokens({ genuine, another, refreshToken, published, publicJwk }: Material) {
  const claims = decodeJwt(genuine);
  const { kid } = decodeProtectedHeader(genuine) as { kid: string };
  const forged: Record<string, string> = {};
  const add = (what: string, token: string) => void (forged[what] = token);

  const ours = { alg: 'EdDSA', kid: published.kid };
  const goodSignature = signedBy(published.privateKey);
  for (const [what, wrong] of Object.entries(wrongClaims(claims))) add(what, goodSignature(ours, wrong));
  for (const [what, header] of Object.entries(wrongHeaders(published.kid))) add(what, goodSignature(header, claims));

  const stranger = await generateKeyPair('EdDSA', { extractable: true });
  const strangersKey = KeyObject.from(stranger.privateKey);
  const strangersJwk = createPublicKey(strangersKey).export({ format: 'jwk' }) as JWK;
  const raised = { ...claims, role: 'administrator', exp: (claims.exp as number) + 100 * 365 * DAY };
  for (const [what, header] of Object.entries(strangersHeaders(kid, strangersJwk)))
    add(`a stranger's, with ${what}`, signedBy(strangersKey)(header, raised));

  const payload = json(raised);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', ''])
    for (const [form, signature] of [
      ['unsigned', Buffer.from([0])] as const,
      ['over a signature', lastOf(genuine)] as const,
    ])
      add(
        `${form}, with the algorithm "${alg}"`,
        join({ alg, kid }, payload, () => signature),
      );
  for (const [form, secret] of Object.entries(secretsOf(publicJwk)))
    for (const bits of [256, 384, 512])
      add(
        `HS${bits} with our public key ${form}`,
        join({ alg: `HS${bits}`, kid }, payload, (input) => createHmac(`sha${bits}`, secret).update(input).digest()),
      );
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES512']) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const key = KeyObject.from(privateKey);
    add(
      `${alg} with a key of its own`,
      join({ alg, kid }, payload, (input) => signAs(alg, input, key)),
    );
  }

  const [head, body, signature] = genuine.split('.') as [string, string, string];
  add('a payload that was changed', `${head}.${payload}.${signature}`);
  add('a payload with a blank more', `${head}.${Buffer.from(`${text(body)} `).toString('base64url')}.${signature}`);
  add('a header that was changed', `${json({ alg: 'EdDSA', kid, typ: 'JWT' })}.${body}.${signature}`);
  add('the signature of another token', `${head}.${body}.${another.split('.')[2]}`);
  add('a signature cut short', `${head}.${body}.${signature.slice(0, -4)}`);
  add('a signature made longer', `${head}.${body}.${signature}AAAA`);
  add('a signature of zeros', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`);
  add('a signature of one bit more', `${head}.${body}.${flipped(signature)}`);
  add('a header that is no JSON', `${Buffer.from('{"alg":').toString('base64url')}.${body}.${signature}`);
  add('parts in another order', `${body}.${head}.${signature}`);
  add('nothing but letters', 'a.b.c');
  add('the refresh token thrice', `${refreshToken}.${refreshToken}.${refreshToken}`);
  return forged;
}

const text = (part: string) => Buffer.from(part, 'base64url').toString();
const lastOf = (token: string) => Buffer.from(token.split('.')[2] ?? '', 'base64url');

function flipped(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

function signAs(alg: string, input: string, key: KeyObject): Buffer {
  const digest = alg === 'ES512' ? 'sha512' : 'sha256';
  if (alg.startsWith('ES')) return sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return sign(digest, Buffer.from(input), alg === 'PS256' ? { key, padding: 6, saltLength: 32 } : key);
}

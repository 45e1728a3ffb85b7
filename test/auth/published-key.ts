import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface PublishedKey {
  kid: string;
  privateKey: KeyObject;
}

/** A key that auth publishes and never signs with: it begins in a hundred years. */
export async function publishKey(query: (sql: string, values: unknown[]) => Promise<unknown>): Promise<PublishedKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const kid = crypto.randomUUID();
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  await query(
    `INSERT INTO auth.signing_keys (kid, public_jwk, sealed_jwk, signs_from) VALUES ($1, $2, '', '2126-01-01')`,
    [kid, { kty, crv, x }],
  );
  return { kid, privateKey };
}

import type { SigningKey } from './signing-key.entity.js';

export const ACCESS_TOKEN_SECONDS = 300;
/**
 * A new key is published so long before it signs. Verifiers ask for the keys at most once a second; so by the time that
 * they see its first token they have it, or are free to ask.
 */
export const PUBLISHED_AHEAD_MS = 5_000;
/** Clocks of different machines may differ by so much. */
const SKEW_MS = 60_000;

/** When an access token ends that was issued now, in seconds: not after what it stands for. */
export const expiry = (issuedAt: number, end?: Date): number =>
  Math.min(issuedAt + ACCESS_TOKEN_SECONDS, Math.floor((end?.getTime() ?? Infinity) / 1_000));

type Dated = Pick<SigningKey, 'signsFrom'>;
const newestFirst = <K extends Dated>(keys: readonly K[]): K[] =>
  keys.toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime());

/** The key to sign with: the newest that has begun, or the first of all, made by a twin whose clock is ahead. */
export function signingKey<K extends Dated>(keys: readonly K[], now: Date): K | undefined {
  const sorted = newestFirst(keys);
  return sorted.find((key) => key.signsFrom <= now) ?? sorted.at(-1);
}

/** The keys that a valid token may be signed with, newest first: those to come, and each until its last token is out. */
export function verifyingKeys<K extends Dated>(keys: readonly K[], now: Date): K[] {
  return newestFirst(keys).filter((_key, index, sorted) => {
    const successor = sorted[index - 1];
    return !successor || lastTokenOut(successor) > now.getTime();
  });
}

const lastTokenOut = (successor: Dated) => successor.signsFrom.getTime() + ACCESS_TOKEN_SECONDS * 1_000 + SKEW_MS;

import { ACCESS_TOKEN_SECONDS, PUBLISHED_AHEAD_MS, signingKey, verifyingKeys } from './signing-key.rules.js';

const start = Date.UTC(2026, 0, 1);
const key = (kid: string, seconds: number) => ({ kid, signsFrom: new Date(start + seconds * 1_000) });
const at = (seconds: number) => new Date(start + seconds * 1_000);
const kids = (keys: { kid: string }[]) => keys.map(({ kid }) => kid);
const [first, second, third] = [key('first', 0), key('second', 1_000), key('third', 2_000)];

describe('the signing key', () => {
  it('is the newest that has begun', () => {
    expect(signingKey([first, third, second], at(0))).toBe(first);
    expect(signingKey([first, third, second], at(999))).toBe(first);
    expect(signingKey([third, second, first], at(1_000))).toBe(second);
    expect(signingKey([first, second, third], at(9_999))).toBe(third);
    expect(signingKey([second, first], at(-1))).toBe(first);
    expect(signingKey([], at(0))).toBeUndefined();
  });

  it('is published before it signs, by more than the second in which verifiers do not ask again', () => {
    expect(PUBLISHED_AHEAD_MS).toBeGreaterThan(1_000);
    expect(kids(verifyingKeys([first, second], at(990)))).toEqual(['second', 'first']);
  });
});

describe('a key that signs no more', () => {
  it('verifies until its last token has expired, and a minute longer for clocks that differ', () => {
    const lastToken = 1_000 + ACCESS_TOKEN_SECONDS;
    expect(kids(verifyingKeys([first, second], at(lastToken)))).toEqual(['second', 'first']);
    expect(kids(verifyingKeys([first, second], at(lastToken + 59)))).toEqual(['second', 'first']);
    expect(kids(verifyingKeys([first, second], at(lastToken + 60)))).toEqual(['second']);
    expect(kids(verifyingKeys([first, second, third], at(2_001)))).toEqual(['third', 'second']);
  });
});

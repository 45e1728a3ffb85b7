/**
 * Guessing is slowed, and nobody is locked out by it. Failures are counted in three places:
 *
 * - per **pair** of account and address: strict, for it is the guesser's own;
 * - per **address**, over all accounts: wide, because an office shares one;
 * - per **account**, over all addresses, against guessing from many of them. It does not bind an address from which
 *   the account's owner signed in before: whoever attacks from elsewhere can't keep him out.
 *
 * A device with which the owner signed in before counts as such an address of its own. So he gets in with it from
 * wherever he is, even while others guess at his account from the next desk.
 *
 * Beyond its free failures a counter asks for a pause after each further one, doubled each time up to the longest.
 * Attempts within the pause are refused unseen and count for nothing. Quiet time forgives failures one by one.
 */
export interface Budget {
  free: number;
  longestPauseSeconds: number;
  /** One failure is forgiven in each; not shorter than the longest pause, or that would never be reached. */
  forgiveSeconds: number;
}
export const PLACES = ['pair', 'address', 'account'] as const;
export type Place = (typeof PLACES)[number];
export const BUDGETS: Record<Place, Budget> = {
  pair: { free: 10, longestPauseSeconds: 300, forgiveSeconds: 300 },
  address: { free: 100, longestPauseSeconds: 60, forgiveSeconds: 60 },
  account: { free: 30, longestPauseSeconds: 300, forgiveSeconds: 300 },
};

export interface Counter {
  failures: number;
  /** When the last one was counted. */
  lastAt: Date;
}
export type Counters = Record<Place, Counter>;

export const placesThatBind = (knownAddress: boolean): Place[] =>
  PLACES.filter((place) => place !== 'account' || !knownAddress);

/** Seconds until the next attempt is let through, 0 for now. */
export function pauseBeforeAttempt(counters: Counters, knownAddress: boolean, now: Date): number {
  return Math.max(...placesThatBind(knownAddress).map((place) => pauseAt(place, counters[place], now)));
}

/** The same for one counter alone. */
export function pauseAt(place: Place, counter: Counter, now: Date): number {
  const budget = BUDGETS[place];
  if (failuresLeft(counter, budget, now) < budget.free) return 0;
  const pause = Math.min(2 ** (counter.failures - budget.free), budget.longestPauseSeconds);
  return Math.max(0, Math.ceil(pause - secondsSince(counter.lastAt, now)));
}

/** The counter after an attempt: it counts as a failure until it has succeeded, so that many at once gain nothing. */
export function countAttempt(counter: Counter, place: Place, now: Date): Counter {
  return { failures: failuresLeft(counter, BUDGETS[place], now) + 1, lastAt: now };
}

function failuresLeft(counter: Counter, budget: Budget, now: Date): number {
  const forgiven = Math.floor(secondsSince(counter.lastAt, now) / budget.forgiveSeconds);
  return Math.max(0, counter.failures - forgiven);
}

const secondsSince = (then: Date, now: Date) => Math.max(0, now.getTime() - then.getTime()) / 1_000;

/** What counts as one address: an IPv6 caller owns his whole /64; an IPv4 one may come written as IPv6. */
export function addressKey(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4) return v4;
  if (!/^[0-9a-f:]+(%\w+)?$/i.test(address) || !address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const all = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

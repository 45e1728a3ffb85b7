import fc from 'fast-check';
import {
  addressKey,
  BUDGETS,
  countAttempt,
  pauseBeforeAttempt,
  PLACES,
  placesThatBind,
  type Counter,
  type Counters,
  type Place,
} from './login-guard.rules.js';

const start = new Date('2026-03-01T08:00:00Z');
const after = (seconds: number, from = start) => new Date(from.getTime() + seconds * 1_000);
const none: Counter = { failures: 0, lastAt: start };
const counters = (some: Partial<Record<Place, number>>): Counters => ({
  pair: { failures: some.pair ?? 0, lastAt: start },
  address: { failures: some.address ?? 0, lastAt: start },
  account: { failures: some.account ?? 0, lastAt: start },
});

describe('the pause before an attempt', () => {
  it.each(PLACES)('is none within the free failures of the %s, and doubles from there to the longest', (place) => {
    const { free, longestPauseSeconds } = BUDGETS[place];
    const pauses = [-1, 0, 1, 2, 3, 50].map((more) =>
      pauseBeforeAttempt(counters({ [place]: free + more }), false, start),
    );
    expect(pauses).toEqual([0, 1, 2, 4, 8, longestPauseSeconds]);
  });

  it('runs out', () => {
    const failed = counters({ pair: BUDGETS.pair.free + 3 });
    expect(pauseBeforeAttempt(failed, false, after(5))).toBe(3);
    expect(pauseBeforeAttempt(failed, false, after(8))).toBe(0);
  });

  it('is the longest of all that bind', () => {
    const failed = counters({ pair: BUDGETS.pair.free, address: BUDGETS.address.free + 2 });
    expect(pauseBeforeAttempt(failed, false, start)).toBe(4);
  });

  it('is not asked of an address that the owner used before, however much others guess at his account', () => {
    const attacked = counters({ account: 100_000 });
    expect(pauseBeforeAttempt(attacked, false, start)).toBe(BUDGETS.account.longestPauseSeconds);
    expect(pauseBeforeAttempt(attacked, true, start)).toBe(0);
    expect(placesThatBind(true)).toEqual(['pair', 'address']);
  });

  it('is asked of a known address for its own guesses', () => {
    expect(pauseBeforeAttempt(counters({ pair: BUDGETS.pair.free }), true, start)).toBe(1);
  });

  it('never exceeds the longest, and an attempt more never shortens it', () => {
    const someCounter = fc.record({ failures: fc.nat(10_000), lastAt: fc.nat(100_000).map((s) => after(-s)) });
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), someCounter, (place, counter) => {
        const one = { ...counters({}), [place]: counter };
        const pause = pauseBeforeAttempt(one, false, start);
        const more = pauseBeforeAttempt({ ...one, [place]: countAttempt(counter, place, start) }, false, start);
        expect(pause).toBeLessThanOrEqual(BUDGETS[place].longestPauseSeconds);
        expect(more).toBeGreaterThanOrEqual(pause);
      }),
    );
  });
});

describe('counting', () => {
  it('forgives one failure in each quiet stretch, and in the end all', () => {
    const { forgiveSeconds } = BUDGETS.pair;
    const failed = { failures: 5, lastAt: start };
    expect(countAttempt(failed, 'pair', after(forgiveSeconds - 1)).failures).toBe(6);
    expect(countAttempt(failed, 'pair', after(2 * forgiveSeconds)).failures).toBe(4);
    expect(countAttempt(failed, 'pair', after(100 * forgiveSeconds)).failures).toBe(1);
  });

  it.each(PLACES)('lets a patient guesser try at one %s no oftener than its longest pause allows', (place) => {
    let counter = none;
    let now = start;
    let tries = 0;
    while (now < after(86_400)) {
      now = after(pauseBeforeAttempt({ ...counters({}), [place]: counter }, false, now), now);
      counter = countAttempt(counter, place, now);
      tries += 1;
    }
    const { free, longestPauseSeconds } = BUDGETS[place];
    expect(tries).toBeLessThan(free + 20 + (86_400 / longestPauseSeconds) * 2);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['session:0192f0c1', 'session:0192f0c1'],
    ['not an address', 'not an address'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

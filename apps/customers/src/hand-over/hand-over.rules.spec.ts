import fc from 'fast-check';
import { checkReceivers, dealt } from './hand-over.rules.js';

const salesperson = { role: 'salesperson' as const, active: true };

describe('a hand-over', () => {
  it('deals out in turn, each customer once, and as evenly as can be [P20]', () => {
    expect(dealt(['a', 'b', 'c'], ['x', 'y'])).toEqual([
      { userId: 'x', customers: ['a', 'c'] },
      { userId: 'y', customers: ['b'] },
    ]);
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 20 }), (count, receivers) => {
        const customers = Array.from({ length: count }, (_, n) => n);
        const shares = dealt(
          customers,
          Array.from({ length: receivers }, (_, n) => `user ${n}`),
        );
        const sizes = shares.map((share) => share.customers.length);
        expect(shares.flatMap((share) => share.customers).sort((a, b) => a - b)).toEqual(customers);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('goes to nobody who may not own, and not to the leaver himself [P20]', () => {
    const check = (id: string, person?: typeof salesperson | { role: 'finance'; active: boolean }) => () =>
      checkReceivers('leaver', [{ id, person }]);
    expect(check('other', salesperson)).not.toThrow();
    expect(check('leaver', salesperson)).toThrow('rule-violated/receiver-is-leaver');
    expect(check('other', { ...salesperson, active: false })).toThrow('rule-violated/owner-disabled');
    expect(check('other', { role: 'finance', active: true })).toThrow('rule-violated/may-not-own');
    expect(check('other')).toThrow('invalid/validation');
  });
});

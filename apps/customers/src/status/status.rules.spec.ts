import fc from 'fast-check';
import { reordered } from './status.rules.js';

it('puts one in its new place, and leaves the others in their order [C1]', () => {
  const ids = fc.uniqueArray(fc.integer().map(String), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(ids, fc.nat(10), fc.nat(20), (all, which, position) => {
      const id = all[which % all.length] ?? '';
      const order = reordered(all, id, position);
      expect(order.indexOf(id)).toBe(Math.min(position, all.length - 1));
      expect(order.filter((other) => other !== id)).toEqual(all.filter((other) => other !== id));
    }),
  );
});

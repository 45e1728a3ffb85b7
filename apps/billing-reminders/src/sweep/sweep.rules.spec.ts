import fc from 'fast-check';
import { daysToSweep, SLOTS, slotsOf, sweptTogether } from './sweep.rules.js';

test('the shards share all slots, each slot once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (shards) => {
      const slots = Array.from({ length: shards }, (_, shard) => slotsOf(shard, shards)).flat();
      expect(slots.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SLOTS }, (_, slot) => slot));
    }),
  );
});

test('a job sees to its own shard and to others, and jobs next to each other share none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 100 }), fc.nat({ max: 98 }), (shards, place) => {
      const shard = place % (shards - 1);
      const [mine, next] = [sweptTogether(shard, shards), sweptTogether(shard + 1, shards)];
      expect(mine).toContain(shard);
      expect(mine.length).toBeLessThanOrEqual(8);
      expect(next.filter((other) => mine.includes(other))).toEqual([]);
    }),
  );
});

test('missed days are swept too, the oldest first', () => {
  expect(daysToSweep('2026-02-26', '2026-03-02', 60)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
  expect(daysToSweep('2026-02-26', '2026-03-02', 2)).toEqual(['2026-02-27', '2026-02-28']);
  expect(daysToSweep('2026-03-02', '2026-03-02', 60)).toEqual([]);
  // Clocks may be set back.
  expect(daysToSweep('2026-03-02', '2026-03-01', 60)).toEqual([]);
});

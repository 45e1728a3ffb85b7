/** `npm run test:long` goes deep where `npm test` keeps within its time. */
const LONG = process.env.HFX_TEST_LONG === '1';

/** How many rounds a suite makes: few in `npm test`, many in `npm run test:long`. */
export const scale = (usual: number, long: number): number => (LONG ? long : usual);

/** The seeds a seeded suite runs with, always the same ones; `HFX_TEST_SEED=17` repeats that one alone. */
export function seeds(usual: number, long: number): number[] {
  const asked = process.env.HFX_TEST_SEED;
  if (asked) return [Number(asked)];
  return Array.from({ length: scale(usual, long) }, (_, index) => index + 1);
}

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

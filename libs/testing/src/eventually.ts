import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until it does not throw, and gives its answer; after `within` ms its last error stands. */
export async function eventually<T>(probe: () => T | Promise<T>, within = 30_000, every = 50): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause(every);
  }
}

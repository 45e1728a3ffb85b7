import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is truthy; false once the time (ms) is over. */
export async function until(within: number, probe: () => boolean | Promise<boolean>, every = 40): Promise<boolean> {
  const end = performance.now() + within;
  while (!(await probe())) {
    if (performance.now() > end) return false;
    await delay(every);
  }
  return true;
}

/** Waits for all of them even if one fails, so that nothing is still being started when the failure is handled. */
export async function all(tasks: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

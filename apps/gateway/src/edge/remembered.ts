/** Milliseconds that only ever go forward. */
export const STOPWATCH = Symbol('STOPWATCH');
export type Stopwatch = () => number;

/** How long an answer is believed, in ms. */
const REMEMBERED_MS = 1_000;
/** More than are ever in use within a second; beyond it the old ones are thrown out. */
const SWEEP_AT = 20_000;

interface Known<T> {
  answer: Promise<T>;
  until: number;
}

/**
 * Answers that are believed for a second at most, and asked for anew as soon as they are dropped. Requests that come
 * while the question is under way share its answer; a failure is remembered for nobody.
 */
export class Remembered<T> {
  private readonly known = new Map<string, Known<T>>();

  constructor(private readonly elapsed: Stopwatch) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.elapsed();
    const known = this.known.get(key);
    if (known && now < known.until) return known.answer;

    if (this.known.size >= SWEEP_AT) this.sweep(now);
    // Counted from the question, not from the answer: it may be as old as that.
    const asked: Known<T> = { answer: ask(), until: now + REMEMBERED_MS };
    this.known.set(key, asked);
    asked.answer.catch(() => {
      if (this.known.get(key) === asked) this.known.delete(key);
    });
    return asked.answer;
  }

  /** A question that is under way was asked too early to count. */
  drop(isConcerned: (key: string) => boolean): void {
    for (const key of this.known.keys()) if (isConcerned(key)) this.known.delete(key);
  }

  private sweep(now: number): void {
    for (const [key, { until }] of this.known) if (until <= now) this.known.delete(key);
  }
}

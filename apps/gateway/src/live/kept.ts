import type { Tiding } from './tidings.js';

/** So much is kept for those who come back, at most so long, in ms. */
const ENTRIES = 20_000;
const AGE_MS = 5 * 60_000;
/** How far the replicas' clocks and hearing may be apart, in ms. What is told twice does no harm. */
const OVERLAP_MS = 10_000;

interface Entry {
  number: number;
  at: number;
  tiding: Tiding;
}

/**
 * The last tidings, so that a stream goes on where it broke off. Its place is good at this replica exactly, and at
 * another one, which has heard the same, by the time: a little of what was told before is told again there.
 */
export class Kept {
  private entries: Entry[] = [];
  private number = 0;
  /** Since when nothing has been missed. */
  private since: number;

  constructor(
    private readonly replica: string,
    private readonly now: () => number,
  ) {
    this.since = now();
  }

  /** Where whoever has been told everything stands. */
  get place(): string {
    return `${this.replica}.${this.number}.${this.now()}`;
  }

  add(tiding: Tiding): void {
    const at = this.now();
    this.entries.push({ number: ++this.number, at, tiding });
    // Thrown out by the half, so that it costs next to nothing.
    if (this.entries.length < ENTRIES && (this.entries[0]?.at ?? at) > at - 2 * AGE_MS) return;
    const kept = this.entries.filter(({ at: then }) => then > at - AGE_MS).slice(-ENTRIES / 2);
    const last = this.entries.at(-kept.length - 1);
    if (last) this.since = last.at + 1;
    this.entries = kept;
  }

  /** Something was missed: nobody can go on from before. */
  forget(): void {
    this.entries = [];
    this.since = this.now() + 1;
  }

  /** What has been told since; undefined for a place that nobody here knows. */
  after(place: string): Tiding[] | undefined {
    const match = /^([\w-]{1,64})\.(\d{1,15})\.(\d{1,15})$/.exec(place);
    if (!match) return undefined;
    const [replica, number, at] = [match[1], Number(match[2]), Number(match[3])];
    if (replica === this.replica) {
      const first = this.number - this.entries.length;
      if (number > this.number || number < first || at < this.since) return undefined;
      return this.entries.filter((entry) => entry.number > number).map(({ tiding }) => tiding);
    }
    const from = at - OVERLAP_MS;
    if (from < this.since || at > this.now() + OVERLAP_MS) return undefined;
    return this.entries.filter((entry) => entry.at >= from).map(({ tiding }) => tiding);
  }
}

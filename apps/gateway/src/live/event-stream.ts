import { Readable } from 'node:stream';
import type { LiveChange } from '#contracts/live';

/** What waits for a reader, in bytes, beside what the network holds. */
const BUFFER = 65_536;

/**
 * One reader's line, as server-sent events. Whoever reads too slowly misses what doesn't fit, and is told so as soon as
 * he has read what does. A frame names the place where its reader stands once he has it; without one he stands where he
 * stood before.
 */
export class EventStream extends Readable {
  private full = false;
  private missed = false;
  private held = false;

  /** `place`: where whoever has been told everything stands now. */
  constructor(private readonly place: () => string | undefined) {
    super({ highWaterMark: BUFFER });
  }

  override _read(): void {
    this.full = false;
    if (this.missed && !this.held) this.reset();
  }

  /** Whether he may still be told anything isn't known: until it is, he misses it. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    if (this.missed) this.reset();
  }

  change(change: LiveChange): void {
    this.say(changeFrame(change), this.place());
  }

  /** What was told before he came: until all of it is, he stands where he stood. */
  retell(change: LiveChange): void {
    this.say(changeFrame(change), undefined);
  }

  /** The reader's view is not what he thinks: he asks for everything again. */
  reset(): void {
    this.missed = false;
    this.say('event: reset\ndata: {}', this.place());
  }

  /** Shows that the line is alive, and moves the place on. */
  beat(): void {
    this.say(': alive', this.place());
  }

  end(): void {
    if (!this.readableEnded && !this.destroyed) this.push(null);
  }

  private say(frame: string, place: string | undefined): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.full || this.held || this.missed) this.missed = true;
    else this.full = !this.push(`${place === undefined ? '' : `id: ${place}\n`}${frame}\n\n`);
  }
}

const changeFrame = (change: LiveChange) => `event: change\ndata: ${JSON.stringify(change)}`;

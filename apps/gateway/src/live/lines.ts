import { decodeJwt } from 'jose';
import type { Actor } from '#contracts/context';
import { AppError } from '#contracts/errors';
import type { LiveChange } from '#contracts/live';
import type { Caller } from '../edge/caller.js';
import type { EventStream } from './event-stream.js';
import { asSeenBy, difference, type Sight } from './sight.rules.js';
import type { Change } from './tidings.js';

/** A user has so many, for his tabs and devices; a replica no more than it can hold. */
const PER_USER = 20;
const PER_REPLICA = 20_000;

export interface Line {
  caller: Caller;
  actor: Actor;
  stream: EventStream;
  /** When its token runs out, ms. */
  until: number;
}
/** Who watches, what he sees as of now, and by which lines. */
export interface Watcher {
  userId: string;
  sight: Sight;
  lines: Set<Line>;
}

/** Who is told of changes at this replica. */
export class Lines {
  private readonly watchers = new Map<string, Watcher>();
  private count = 0;

  /** Errors: `too-many-requests/too-many-streams`, `unavailable/too-many-streams`. */
  admit({ userId }: Actor): void {
    if (this.count >= PER_REPLICA) throw new AppError('unavailable', 'too-many-streams', { retryAfter: 5 });
    if ((this.watchers.get(userId)?.lines.size ?? 0) < PER_USER) return;
    throw new AppError('too-many-requests', 'too-many-streams', { retryAfter: 5 });
  }

  add(actor: Actor, caller: Caller, sight: Sight, stream: EventStream): Line {
    const line = { actor, caller, stream, until: (decodeJwt(caller.token ?? '').exp ?? 0) * 1_000 };
    const watcher = this.watchers.get(actor.userId) ?? { userId: actor.userId, sight, lines: new Set() };
    watcher.sight = sight;
    watcher.lines.add(line);
    this.watchers.set(actor.userId, watcher);
    this.count++;
    stream.once('close', () => {
      if (!watcher.lines.delete(line)) return;
      this.count--;
      if (watcher.lines.size === 0 && this.watchers.get(actor.userId) === watcher) this.watchers.delete(actor.userId);
    });
    return line;
  }

  get all(): Line[] {
    return [...this.watchers.values()].flatMap(({ lines }) => [...lines]);
  }

  watching(users: string[] | 'everybody'): Watcher[] {
    if (users === 'everybody') return [...this.watchers.values()];
    return users.flatMap((id) => this.watchers.get(id) ?? []);
  }

  tell(change: Change): void {
    for (const { sight, lines } of this.watchers.values()) {
      for (const { actor, stream } of lines) {
        const seen = asSeenBy(actor, sight, change);
        if (seen) stream.change(seen);
      }
    }
  }

  /** What he sees is another thing now. */
  resee(watcher: Watcher, sight: Sight): void {
    const changes = difference(watcher.sight, sight);
    watcher.sight = sight;
    for (const { stream } of watcher.lines) {
      if (changes === 'at-large') stream.reset();
      else for (const change of changes) stream.change(change satisfies LiveChange);
    }
  }

  end(lines: Iterable<Line>): void {
    for (const { stream } of [...lines]) stream.end();
  }
}

import { ClosedConnectionError, type NatsConnection } from '@nats-io/transport-node';

/** So long after NATS was away, in ms, others who use it may not be back yet: all try about twice a second. */
const FRESH = 3_000;

/** Whether a connection is up at this moment, and how often it was lost: the client tells only of changes. */
export class Link {
  /** Raised each time that the connection is lost. Who remembers it sees that something may have been missed. */
  losses = 0;
  private connected = true;
  private backSince = -Infinity;
  private breaking = new AbortController();
  private readonly waiting = new Set<() => void>();

  constructor(readonly nc: NatsConnection) {
    void this.watch();
  }

  get up(): boolean {
    return this.connected && !this.nc.isClosed();
  }

  /** Whether it has only just come back. */
  get isFresh(): boolean {
    return performance.now() - this.backSince < FRESH;
  }

  /** Aborted when the connection that stands now is lost: what was asked over it will not be answered. */
  get intact(): AbortSignal {
    return this.breaking.signal;
  }

  /** Waits for the connection to come back, at most `ms`. False: it didn't. Errors: it is closed for good. */
  async whenUp(ms: number): Promise<boolean> {
    if (this.nc.isClosed()) throw new ClosedConnectionError();
    if (this.connected || ms <= 0) return this.connected;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.add(done);
    });
    return this.up;
  }

  /** What `work` gives, or an error as soon as the connection is lost that it waits on. */
  async unlessLost<T>(work: Promise<T>): Promise<T> {
    const { intact } = this;
    let onLost = () => {};
    const lost = new Promise<never>((_, reject) => {
      onLost = () => reject(new Error('the connection to NATS was lost'));
      if (intact.aborted) onLost();
      intact.addEventListener('abort', onLost);
    });
    try {
      return await Promise.race([work, lost]);
    } finally {
      intact.removeEventListener('abort', onLost);
    }
  }

  private async watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') {
        this.connected = false;
        this.losses++;
        this.breaking.abort();
      }
      if (status.type === 'reconnect') {
        this.connected = true;
        this.backSince = performance.now();
        this.breaking = new AbortController();
      }
      if (status.type === 'reconnect' || status.type === 'close') for (const done of [...this.waiting]) done();
    }
    for (const done of [...this.waiting]) done();
  }
}

const links = new WeakMap<NatsConnection, Link>();

/** The one link of a connection. Ask for it early: it counts from then on. */
export function linkOf(nc: NatsConnection): Link {
  let link = links.get(nc);
  if (!link) links.set(nc, (link = new Link(nc)));
  return link;
}

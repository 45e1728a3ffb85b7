import pg, { type ClientConfig } from 'pg';
import type { Socket } from 'node:net';

/** What pg knows of itself and doesn't tell in its types. */
interface Inside {
  connection: { stream: Socket };
  /** False while a statement is under way. */
  readyForQuery: boolean;
}

/**
 * A connection that is given up when a statement is under way on it and nothing was heard for `silence` ms: the link has
 * died without a word, and the system would find out only after a quarter of an hour. Until then all who were lent it
 * from the pool would wait in vain.
 */
export function watchedClient(silence: number): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      this.once('connect', () => {
        const inside = this as unknown as Inside;
        const { stream } = inside.connection;
        stream.setTimeout(silence).on('timeout', () => {
          if (inside.readyForQuery) return;
          const silent = new Error(`The database has not been heard for ${silence} ms`);
          stream.destroy(Object.assign(silent, { code: 'ETIMEDOUT' }));
        });
      });
    }
  };
}

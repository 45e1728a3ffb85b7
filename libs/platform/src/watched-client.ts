import pg, { type ClientConfig } from 'pg';
import type { Socket } from 'node:net';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { beginSpan } from '#messaging/tracing';

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
      const ask = this.query.bind(this) as (...args: unknown[]) => unknown;
      this.query = ((...args: unknown[]) => tracedQuery(ask, args)) as typeof this.query;
    }
  };
}

/** A statement is a part of the trace that it is asked in; its text holds no value, and is shown. */
function tracedQuery(ask: (...args: unknown[]) => unknown, args: unknown[]): unknown {
  if (!trace.getActiveSpan()?.isRecording()) return ask(...args);
  const [query] = args;
  const text = typeof query === 'string' ? query : ((query as { text?: string } | undefined)?.text ?? '');
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  const span = beginSpan(`SQL ${/^\s*(\w+)/.exec(text)?.[1] ?? ''}`, { kind: SpanKind.CLIENT, attributes });
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    const told = context.bind(context.active(), callback as (...answer: unknown[]) => unknown);
    return ask(...args.slice(0, -1), (...answer: unknown[]) => {
      span.end();
      told(...answer);
    });
  }
  const answer = ask(...args);
  if (answer instanceof Promise)
    void answer.then(
      () => span.end(),
      () => span.end(),
    );
  else span.end();
  return answer;
}

import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { AppError } from '#contracts/errors';
import type { Doer, EventType } from '#contracts/event';
import type { ServiceName } from '#contracts/rpc';
import { producerOf } from './permissions.js';
import { traceparentOf } from './tracing.js';

export { Relay } from './relay.js';

/** An event to be told; id and time are given when it is written. */
export interface NewEvent<D extends z.ZodType = z.ZodType> {
  type: EventType<D>;
  aggregateId: string;
  /** The aggregate's version after the change; a consumer ignores one that is not newer. */
  version: number;
  /** `null`: the system itself. */
  by: Doer | null;
  data: z.input<D>;
}

/** With the envelope well within the server's `max_payload`, which is 1 MB unless set otherwise. */
const LARGEST = 900_000;

/** One event, checked against its contract; ready for a list of several kinds. */
export const newEvent = <D extends z.ZodType>(type: EventType<D>, event: Omit<NewEvent<D>, 'type'>): NewEvent => ({
  type,
  ...event,
});

/** Where a service tells what has happened: in the transaction in which it happens. The relay carries it on. */
export class Outbox {
  constructor(private readonly service: ServiceName) {}

  /** Errors: data that its contract doesn't allow (a fault in the code, never in a user's input). */
  async add<D extends z.ZodType>(
    tx: EntityManager,
    type: EventType<D>,
    event: Omit<NewEvent<D>, 'type'>,
  ): Promise<void> {
    await this.addMany(tx, [newEvent(type, event)]);
  }

  /** Any number at once, published in the order given. */
  async addMany(tx: EntityManager, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => ({
      subject: this.own(event.type),
      aggregate_id: event.aggregateId,
      version: event.version,
      by: event.by,
      data: checked(event),
    }));
    await tx.query(
      `WITH told AS MATERIALIZED (
         SELECT uuidv7() AS id, app.now() AS at, event.*
         FROM ROWS FROM (
           jsonb_to_recordset($1::jsonb) AS (subject text, aggregate_id text, version int, by jsonb, data jsonb)
         ) WITH ORDINALITY AS event (subject, aggregate_id, version, by, data, place)
       )
       INSERT INTO outbox (id, subject, created_at, payload)
       SELECT id, subject, at, jsonb_build_object(
         'id', id, 'subject', subject, 'aggregateId', aggregate_id, 'version', version, 'at', at, 'by', by, 'data', data)
         || CASE WHEN $2::text IS NULL THEN '{}' ELSE jsonb_build_object('traceparent', $2::text) END
       FROM told ORDER BY place`,
      [JSON.stringify(rows), traceparentOf() ?? null],
    );
  }

  private own({ subject }: EventType): string {
    if (producerOf(subject) !== this.service) throw new Error(`${subject} is not ${this.service}'s to tell`);
    return subject;
  }
}

/** What travels is what the contract gives back: with its defaults, and without what it doesn't name. */
function checked({ type, data }: NewEvent): unknown {
  const parsed = type.data.safeParse(data);
  if (!parsed.success) {
    throw Object.assign(new AppError('internal', 'malformed-event', { subject: type.subject }), {
      cause: parsed.error,
    });
  }
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > LARGEST) {
    throw new AppError('internal', 'event-too-large', { subject: type.subject });
  }
  return parsed.data;
}

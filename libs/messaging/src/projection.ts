import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { EventEnvelope, type EventType } from '#contracts/event';
import { producerOf } from './permissions.js';

export { Retry } from './faults.js';

/** An event as it comes to a projection: the envelope, with data that its contract has parsed. */
export interface ParsedEvent<D = unknown> extends EventEnvelope {
  data: D;
}

/** Tells one kind of event from another, and gives its data their type. */
export function isEvent<D extends z.ZodType>(
  type: EventType<D>,
  event: ParsedEvent,
): event is ParsedEvent<z.output<D>> {
  return event.subject === type.subject;
}

/** What a class marked with `@Projection` must have. */
export interface AppliesEvents {
  /**
   * Applies events, in the order of the stream, none of which it has applied before, in the transaction given. May hold
   * several versions of one aggregate. Throw `Retry` for one that can't be applied yet.
   */
  apply(tx: EntityManager, events: ParsedEvent[]): Promise<void>;
}

export interface ProjectionOptions {
  /** Name of the durable consumer, as in the table of permissions: `<service>-<what>`. */
  name: string;
  /** The kinds that it wants, all of one producer. */
  from: readonly EventType[];
}

export const PROJECTION = Symbol('projection');

/** Marks a provider that keeps in its own tables what it learns from another service's events. */
export function Projection(
  options: ProjectionOptions,
): <T extends new (...args: never[]) => AppliesEvents>(c: T) => void {
  const producers = new Set(options.from.map(({ subject }) => producerOf(subject)));
  if (producers.size !== 1) throw new Error(`${options.name} must read the events of one producer`);
  return applyDecorators(Injectable(), SetMetadata(PROJECTION, options));
}

export type Parsed = { event: ParsedEvent } | { fault: Error };

/** Reads a message of one of the given kinds; undefined if it is of another, which is nobody's fault. */
export function parseEvent(from: readonly EventType[], subject: string, data: Uint8Array | string): Parsed | undefined {
  const type = from.find((candidate) => candidate.subject === subject);
  if (!type) return undefined;
  try {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    const envelope = EventEnvelope.parse(JSON.parse(text));
    if (envelope.subject !== subject) throw new Error(`it says that it is ${envelope.subject}`);
    return { event: { ...envelope, data: type.data.parse(envelope.data) } };
  } catch (error) {
    return { fault: new Error(`not a valid ${subject}: ${(error as Error).message}`) };
  }
}

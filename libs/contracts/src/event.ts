import { z } from 'zod';
import type { ServiceName } from './rpc.js';

/** Who did it, and whom he acted for under a delegation. `null`: the system itself. */
export const Doer = z.object({
  userId: z.uuid(),
  forUserId: z.uuid().optional(),
  delegationId: z.uuid().optional(),
});
export type Doer = z.infer<typeof Doer>;

/** What travels around every event's data. `version` is the aggregate's; a consumer ignores one that is not newer. */
export const EventEnvelope = z.object({
  id: z.uuid(),
  subject: z.string(),
  aggregateId: z.string(),
  version: z.number().int().nonnegative(),
  at: z.iso.datetime({ offset: true }),
  by: Doer.nullable(),
  /** The request in which it happened (W3C Trace Context), if that was traced. */
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** A fact, published by its owner alone, with the full state that a consumer needs. */
export interface EventType<D extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly data: D;
}

/** `name` is `<service>.<aggregate>.<past tense>`; the first version of its shape is `v1`. */
export function event<D extends z.ZodType>(
  name: `${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  data: D,
): EventType<D> {
  return { subject: `evt.${name}.v1`, data };
}

/** A piece of work for whoever is free. */
export interface JobType<D extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly data: D;
}

export function job<D extends z.ZodType>(name: `${Exclude<ServiceName, 'gateway'>}.${string}`, data: D): JobType<D> {
  return { subject: `job.${name}`, data };
}

import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { z } from 'zod';
import type { JobType } from '#contracts/event';
import type { ServiceName } from '#contracts/rpc';
import { producerOf } from './permissions.js';

/** What a class marked with `@Worker` must have. */
export interface Works {
  /**
   * Does one job. It may come twice, after a crash or a lost acknowledgement. `signal` tells that its time is over:
   * the process ends, or another replica may have taken the job already.
   */
  work(data: never, context: { signal: AbortSignal; id: string }): Promise<void>;
}

export interface WorkerOptions {
  job: JobType;
  /** How many at a time in this replica. */
  concurrency: number;
  /** A worker that is silent for so long has died, and its job goes to another, ms. A busy one is never silent. */
  lease: number;
  /** After so many failures the job is parked. */
  tries: number;
}

export const WORKER = Symbol('worker');

/** Marks a provider that does a kind of job, together with its twins in other replicas. */
export function Worker(
  job: JobType,
  { concurrency = 1, lease = 30_000, tries = 5 }: Partial<Omit<WorkerOptions, 'job'>> = {},
): <T extends new (...args: never[]) => Works>(c: T) => void {
  return applyDecorators(Injectable(), SetMetadata(WORKER, { job, concurrency, lease, tries } satisfies WorkerOptions));
}

/** The name of the durable consumer of a job: `job.billing.send-digest` is done by `billing-send-digest`. */
export const workerName = ({ subject }: JobType): string => subject.split('.').slice(1).join('-');

export interface WorkQueueOptions {
  service: ServiceName;
  nc: NatsConnection;
}

/** Hands jobs to whoever is free. */
export class WorkQueue {
  constructor(private readonly options: WorkQueueOptions) {}

  /**
   * Resolves when the job is kept for certain. The same `id` within an hour is the same job.
   * Errors: data that its contract doesn't allow; NATS is away (nobody knows then whether the job is kept: ask again).
   */
  async enqueue<D extends z.ZodType>(job: JobType<D>, data: z.input<D>, { id }: { id: string }): Promise<void> {
    if (producerOf(job.subject) !== this.options.service) throw new Error(`${job.subject} is another service's job`);
    const payload = JSON.stringify(job.data.parse(data));
    await jetstream(this.options.nc).publish(job.subject, payload, { msgID: id, timeout: 3_000 });
  }
}

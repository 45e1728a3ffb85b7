import type { DiscoveryService } from '@nestjs/core';
import { discovered } from './discovered.js';
import type { Replayed } from './parked.js';
import { PROJECTION, type AppliesEvents, type ProjectionOptions } from './projection.js';
import { ProjectionRunner, type RunnerOptions } from './projection-runner.js';
import { WORKER, type WorkerOptions, type Works } from './work-queue.js';
import { WorkerRunner } from './worker-runner.js';

/** The projections and workers of a service, found among its providers. */
export class Runners {
  projections: ProjectionRunner[] = [];
  workers: WorkerRunner[] = [];

  constructor(
    private readonly options: RunnerOptions,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Errors: one that this service has no right to. */
  find(): void {
    const { options, discovery } = this;
    this.projections = discovered<AppliesEvents, ProjectionOptions>(discovery, PROJECTION).map(
      ({ instance, marked }) => new ProjectionRunner(instance, marked, options),
    );
    this.workers = discovered<Works, WorkerOptions>(discovery, WORKER).map(
      ({ instance, marked }) => new WorkerRunner(instance, marked, options),
    );
  }

  projection(name: string): ProjectionRunner {
    const found = this.projections.find((runner) => runner.name === name);
    if (!found) throw new Error(`There is no projection ${name}`);
    return found;
  }

  /** The command: tries again what a projection or worker has parked. */
  replayParked(consumer: string): Promise<Replayed> {
    const found = [...this.projections, ...this.workers].find(({ name }) => name === consumer);
    if (!found) throw new Error(`There is no projection or worker ${consumer}`);
    return found.replayParked();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.projections, ...this.workers].map((runner) => runner.stop()));
  }
}

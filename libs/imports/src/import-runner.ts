import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { can } from '#access/permissions';
import { checkActor } from '#contracts/auth';
import { AppError } from '#contracts/errors';
import { IMPORT_BATCH, type ImportFault, type ImportRow } from '#contracts/imports';
import type { ServiceName } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import { isTransient } from '#messaging/faults';
import { Bell } from '#messaging/pause';
import { failedRow, rowFault, type ImportActor, type ImportTarget, type RowOutcome } from './import-target.js';
import { ImportRepository, type ImportJob } from './import.repository.js';
import { brokenOff, untilRepeatedKey, wholeFault } from './import.rules.js';
import { IMPORT_SERVICE, IMPORT_TARGETS } from './tokens.js';

const POLL_MS = 1_000;
const RETRY_MS = 1_000;
/** How soon to look again whether what an import told is published. */
const PUBLISH_MS = 50;

/**
 * Works the imports off, a batch per transaction: the effects, the rows' outcomes and the counters stand or fall
 * together, so that whoever goes on after a crash begins with the first row that nothing was done for. Any number of
 * replicas may run. A dry run undoes the effects of each batch and keeps the outcomes; a row therefore can't see there
 * what an earlier batch would have made.
 */
@Injectable()
export class ImportRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('imports');
  private readonly bell = new Bell();
  private stopping = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportRepository,
    private readonly bus: Bus,
    @Inject(IMPORT_SERVICE) private readonly service: ServiceName,
    @Inject(IMPORT_TARGETS) private readonly targets: ImportTarget[],
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Finishes the batch in hand. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.bell.ring();
    await this.running;
  }

  wake(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const worked = await this.work().catch((error: unknown) => {
        this.log.error(error);
        return false;
      });
      if (!worked) await this.bell.wait(POLL_MS);
    }
  }

  /** Deals with one batch of the job whose turn it is. Tells whether there was one. */
  async work(): Promise<boolean> {
    let job: ImportJob | undefined;
    try {
      return await this.dataSource.transaction(async (tx) => {
        job = await this.imports.claim(tx);
        if (job) await this.workOn(tx, job);
        else await this.imports.failAbandoned(tx, brokenOff);
        return job !== undefined;
      });
    } catch (error) {
      if (!job) throw error;
      if (passes(error)) this.log.warn(`Import ${job.id} waits: ${String(error)}`);
      else this.log.error(error);
      await this.imports.postpone(this.dataSource.manager, job.id, RETRY_MS);
      return true;
    }
  }

  private async workOn(tx: EntityManager, job: ImportJob): Promise<void> {
    const target = this.targets.find(({ kind }) => kind === job.kind);
    if (!target) throw new Error(`No import of ${job.kind} here`);
    const rows = untilRepeatedKey(job.kind, await this.imports.nextRows(tx, job, IMPORT_BATCH));
    if (rows.length === 0) {
      if (!(await this.imports.complete(tx, job.id))) await this.imports.postpone(tx, job.id, PUBLISH_MS);
      return;
    }
    const judged = await this.judge(job, target);
    if ('code' in judged) return this.imports.fail(tx, job.id, judged);
    const readable = rows.filter(({ fault }) => !fault);
    const done = readable.length > 0 ? await this.apply(tx, target, judged, readable, job.dryRun) : [];
    const unreadable = rows.flatMap(({ row, fault }) => (fault ? failedRow(row, { row, ...fault }) : []));
    await this.imports.book(tx, job, [...done, ...unreadable]);
  }

  /** Whoever started it, as of now; or why it may not go on. */
  private async judge({ startedBy }: ImportJob, target: ImportTarget): Promise<ImportActor | ImportFault> {
    const ask = this.bus.request(checkActor.askedBy(this.service), { userId: startedBy });
    const user = await ask.catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'not-found') return undefined;
      throw error;
    });
    if (!user?.active) return wholeFault('user-disabled', 'Whoever started the import is disabled');
    if (!can(user, target.permission))
      return wholeFault('forbidden', 'Whoever started the import may not do it any more');
    return { userId: startedBy, username: user.username, role: user.role };
  }

  /** A fault in one row must not keep the others out: then each is tried alone, and the one that it is fails. */
  private async apply(
    tx: EntityManager,
    target: ImportTarget,
    actor: ImportActor,
    rows: ImportRow[],
    dryRun: boolean,
  ): Promise<RowOutcome[]> {
    try {
      return await this.attempt(tx, target, actor, rows, dryRun);
    } catch (error) {
      if (passes(error)) throw error;
      this.log.error(error);
      const [first] = rows;
      if (rows.length === 1 && first) {
        return [failedRow(first.row, rowFault(first.row, null, 'internal', 'Something went wrong with this row'))];
      }
    }
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(...(await this.apply(tx, target, actor, [row], dryRun)));
    return outcomes;
  }

  private async attempt(
    tx: EntityManager,
    target: ImportTarget,
    actor: ImportActor,
    rows: ImportRow[],
    dryRun: boolean,
  ): Promise<RowOutcome[]> {
    await tx.query('SAVEPOINT effects');
    try {
      const outcomes = await target.applyBatch(tx, actor, rows, { dryRun });
      const answered = new Set(outcomes.map(({ row }) => row));
      if (outcomes.length !== rows.length || rows.some(({ row }) => !answered.has(row))) {
        throw new Error(`The import of ${target.kind} did not answer for each row once`);
      }
      await tx.query(dryRun ? 'ROLLBACK TO SAVEPOINT effects' : 'RELEASE SAVEPOINT effects');
      return outcomes;
    } catch (error) {
      // On a connection that is gone this fails too; what counts is why.
      await tx.query('ROLLBACK TO SAVEPOINT effects').catch(() => {});
      throw error;
    }
  }
}

/**
 * Whether the same may well work later: someone is away, or the database has a moment. `internal/internal` is all that
 * another service says while its own database is away.
 */
function passes(error: unknown): boolean {
  if (!(error instanceof AppError)) return isTransient(error);
  return ['unavailable', 'timeout', 'too-many-requests'].includes(error.kind) || error.slug === 'internal';
}

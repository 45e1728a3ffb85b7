import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { can } from '#access/permissions';
import { AppError, forbidden, notFound } from '#contracts/errors';
import type { customersImports, Import, ImportRow, salesImports } from '#contracts/imports';
import type { Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { ImportRunner } from './import-runner.js';
import { ImportRepository, type ImportJob } from './import.repository.js';
import { brokenOff, headerFaults, storable } from './import.rules.js';
import type { ImportTarget } from './import-target.js';
import { IMPORT_TARGETS } from './tokens.js';

export type ImportRpcs = typeof customersImports | typeof salesImports;
type Input<R extends keyof ImportRpcs> = z.output<ImportRpcs[R]['input']>;
type Output<R extends keyof ImportRpcs> = z.input<ImportRpcs[R]['output']>;

/** How many faults and warnings an import shows by itself. */
const SHOWN = 100;
const FAULTS_PAGE = 200;
/** Well below what a message may hold. */
const FAULTS_BYTES = 400_000;

/** Takes files in, and tells how they fare. */
@Injectable()
export class ImportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportRepository,
    private readonly idempotency: Idempotency,
    private readonly runner: ImportRunner,
    @Inject(IMPORT_TARGETS) private readonly targets: ImportTarget[],
  ) {}

  /** Errors: `forbidden`; `invalid/validation` naming the columns that are unknown or missing. */
  async start(call: Call, input: Input<'start'>): Promise<Import> {
    const { kind, dryRun } = input;
    const target = this.targets.find((each) => each.kind === kind);
    if (!target) throw invalid({ pointer: '/kind', code: 'unknown-kind', message: 'Imported elsewhere' });
    if (!can(call.actor, target.permission)) throw forbidden();
    const header = input.header.map((column) => column.trim());
    const further = (await target.furtherColumns?.(this.dataSource.manager)) ?? [];
    const faults = headerFaults(kind, header, further);
    if (faults.length > 0) throw invalid(...faults);

    return this.dataSource.transaction(async (tx) => {
      const id = await this.idempotency.once(tx, call, ['import', kind, input], () =>
        this.imports.add(tx, { kind, dryRun, fileName: input.fileName, header, startedBy: call.actor.userId }),
      );
      return this.show(tx, await this.own(tx, call, id));
    });
  }

  /** Errors: `not-found`; `conflict/import-closed` for a new batch after `finish`; `invalid/validation` for a row twice. */
  async append(call: Call, { importId, batch, rows }: Input<'append'>): Promise<Output<'append'>> {
    return this.dataSource.transaction(async (tx) => {
      const job = await this.own(tx, call, importId);
      if (!(await this.imports.receive(tx, job.id, batch))) return {};
      if (job.state !== 'receiving') throw new AppError('conflict', 'import-closed');
      const staged = await this.imports.stage(tx, job.id, rows.map(storableRow));
      if (staged < rows.length) throw invalid({ pointer: '/rows', code: 'repeated-row', message: 'A row came twice' });
      return {};
    });
  }

  /** Errors: `not-found`; `conflict/import-incomplete` unless all batches came. */
  async finish(call: Call, { importId, batches }: Input<'finish'>): Promise<Import> {
    const shown = await this.dataSource.transaction(async (tx) => {
      const job = await this.own(tx, call, importId);
      if (job.state !== 'receiving') return this.show(tx, job);
      const received = await this.imports.countBatches(tx, job.id);
      if (received !== batches) throw new AppError('conflict', 'import-incomplete', { received });
      await this.imports.queue(tx, job.id);
      return this.show(tx, await this.own(tx, call, importId));
    });
    this.runner.wake();
    return shown;
  }

  /** Whoever hands in another file need not wait for the one that broke off. Errors: `not-found`. */
  async abandon(call: Call, { importId }: Input<'abandon'>): Promise<Output<'abandon'>> {
    await this.dataSource.transaction(async (tx) => {
      const job = await this.own(tx, call, importId);
      if (job.state === 'receiving') await this.imports.fail(tx, job.id, brokenOff);
    });
    return {};
  }

  async get(call: Call, { importId }: Input<'get'>): Promise<Import> {
    const { manager } = this.dataSource;
    return this.show(manager, await this.visible(manager, call, importId));
  }

  async faults(call: Call, { importId, afterRow }: Input<'faults'>): Promise<Output<'faults'>> {
    const { manager } = this.dataSource;
    const { id, header } = await this.visible(manager, call, importId);
    const rows = await this.imports.failedRows(manager, id, afterRow, FAULTS_PAGE + 1);
    const page: typeof rows = [];
    let bytes = 0;
    for (const row of rows.slice(0, FAULTS_PAGE)) {
      bytes += Buffer.byteLength(JSON.stringify(row));
      if (page.length > 0 && bytes > FAULTS_BYTES) break;
      page.push(row);
    }
    return { header, rows: page, done: page.length === rows.length };
  }

  /** Held for writing; one's own. */
  private async own(tx: EntityManager, call: Call, id: string): Promise<ImportJob> {
    const job = await this.imports.lock(tx, id);
    if (job?.startedBy !== call.actor.userId) throw notFound();
    return job;
  }

  /** One's own; to the administrator, anyone's. */
  private async visible(tx: EntityManager, call: Call, id: string): Promise<ImportJob> {
    const job = await this.imports.find(tx, id);
    if (!job || (job.startedBy !== call.actor.userId && call.actor.role !== 'administrator')) throw notFound();
    return job;
  }

  private async show(tx: EntityManager, job: ImportJob): Promise<Import> {
    const { id, kind, state, dryRun, total, processed, created, updated, unchanged, failed, failure } = job;
    const errors = await this.imports.faults(tx, id, SHOWN);
    return {
      ...{ id, kind, dryRun, total, processed, created, updated, unchanged, failed },
      state: state === 'receiving' ? 'queued' : state,
      warnings: await this.imports.warnings(tx, id, SHOWN),
      errors: [...(failure ? [failure] : []), ...errors].slice(0, SHOWN),
    };
  }
}

const invalid = (...errors: { pointer: string; code: string; message: string }[]) =>
  new AppError('invalid', 'validation', { errors });

const storableRow = ({ values, ...rest }: ImportRow): ImportRow => ({
  ...rest,
  values: Object.fromEntries(Object.entries(values).map(([column, text]) => [storable(column), storable(text)])),
});

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Import, ImportFault, ImportKind, ImportRow } from '#contracts/imports';
import type { RowOutcome } from './import-target.js';

export interface ImportJob {
  id: string;
  kind: ImportKind;
  state: 'receiving' | Import['state'];
  dryRun: boolean;
  header: string[];
  startedBy: string;
  total: number;
  doneRow: number;
  processed: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  failure: ImportFault | null;
}

const JOB = `id, kind, state, dry_run AS "dryRun", header, started_by AS "startedBy", total, done_row AS "doneRow",
  processed, created, updated, unchanged, failed, failure`;

@Injectable()
export class ImportRepository {
  async add(
    tx: EntityManager,
    job: { kind: ImportKind; dryRun: boolean; fileName: string; header: string[]; startedBy: string },
  ): Promise<string> {
    const [{ id }] = await tx.query<[{ id: string }]>(
      `INSERT INTO import_job (kind, state, dry_run, file_name, header, started_by)
       VALUES ($1, 'receiving', $2, $3, $4, $5) RETURNING id`,
      [job.kind, job.dryRun, job.fileName, JSON.stringify(job.header), job.startedBy],
    );
    return id;
  }

  async find(tx: EntityManager, id: string): Promise<ImportJob | undefined> {
    return (await tx.query<ImportJob[]>(`SELECT ${JOB} FROM import_job WHERE id = $1`, [id]))[0];
  }

  async lock(tx: EntityManager, id: string): Promise<ImportJob | undefined> {
    return (await tx.query<ImportJob[]>(`SELECT ${JOB} FROM import_job WHERE id = $1 FOR UPDATE`, [id]))[0];
  }

  /** Whether this batch came for the first time. */
  async receive(tx: EntityManager, id: string, batch: number): Promise<boolean> {
    const received = await tx.query<unknown[]>(
      `INSERT INTO import_batch (import_id, batch_no) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
      [id, batch],
    );
    return received.length > 0;
  }

  /** How many rows were added: fewer than given if a number came before. */
  async stage(tx: EntityManager, id: string, rows: ImportRow[]): Promise<number> {
    const staged = await tx.query<unknown[]>(
      `INSERT INTO import_row (import_id, row_no, cells, reader_fault)
       SELECT $1, row_no, cells, fault FROM jsonb_to_recordset($2::jsonb) AS (row_no int, cells jsonb, fault jsonb)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [id, JSON.stringify(rows.map(({ row, values, fault }) => ({ row_no: row, cells: values, fault })))],
    );
    await tx.query(`UPDATE import_job SET total = total + $2, next_at = clock_timestamp() WHERE id = $1`, [
      id,
      staged.length,
    ]);
    return staged.length;
  }

  async countBatches(tx: EntityManager, id: string): Promise<number> {
    const [{ count }] = await tx.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM import_batch WHERE import_id = $1`,
      [id],
    );
    return count;
  }

  async queue(tx: EntityManager, id: string): Promise<void> {
    await tx.query(
      `UPDATE import_job SET state = CASE WHEN total = 0 THEN 'completed' ELSE 'queued' END, next_at = clock_timestamp()
       WHERE id = $1`,
      [id],
    );
  }

  /**
   * The job whose turn it is, held until the transaction ends: who dies gives it back. One user's files are taken in
   * one after the other, since the next may speak of what stands in the one before. Every batch sends its job to the end
   * of the line, so that a small file needn't wait for somebody else's large one.
   */
  async claim(tx: EntityManager): Promise<ImportJob | undefined> {
    const [job] = await tx.query<ImportJob[]>(
      `SELECT ${JOB} FROM import_job
       WHERE state IN ('queued', 'running') AND next_at <= clock_timestamp() AND NOT EXISTS (
         SELECT FROM import_job earlier
         WHERE earlier.state IN ('queued', 'running') AND earlier.started_by = import_job.started_by
           AND earlier.id < import_job.id)
       ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    return job;
  }

  async nextRows(tx: EntityManager, job: ImportJob, limit: number): Promise<ImportRow[]> {
    const rows = await tx.query<(Omit<ImportRow, 'fault'> & { fault: ImportRow['fault'] | null })[]>(
      `SELECT row_no AS row, cells AS "values", reader_fault AS fault FROM import_row
       WHERE import_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3`,
      [job.id, job.doneRow, limit],
    );
    return rows.map((row) => ({ ...row, fault: row.fault ?? undefined }));
  }

  /** Books what became of a batch. */
  async book(tx: EntityManager, job: ImportJob, outcomes: RowOutcome[]): Promise<void> {
    const rows = outcomes.map(({ row, outcome, faults, warnings }) => ({
      row_no: row,
      outcome,
      faults: faults.length ? faults : undefined,
      warnings: warnings.length ? warnings : undefined,
    }));
    await tx.query(
      `UPDATE import_row r SET outcome = o.outcome, faults = o.faults, warnings = o.warnings,
         cells = CASE WHEN o.outcome = 'failed' THEN r.cells ELSE '{}' END
       FROM jsonb_to_recordset($2::jsonb) AS o (row_no int, outcome text, faults jsonb, warnings jsonb)
       WHERE r.import_id = $1 AND r.row_no = o.row_no`,
      [job.id, JSON.stringify(rows)],
    );
    const count = (outcome: RowOutcome['outcome']) => outcomes.filter((each) => each.outcome === outcome).length;
    await tx.query(
      `UPDATE import_job SET processed = processed + $2, created = created + $3, updated = updated + $4,
         unchanged = unchanged + $5, failed = failed + $6, done_row = $7, next_at = clock_timestamp(),
         booked_at = clock_timestamp(), state = 'running'
       WHERE id = $1`,
      [
        job.id,
        outcomes.length,
        count('created'),
        count('updated'),
        count('unchanged'),
        count('failed'),
        Math.max(...outcomes.map(({ row }) => row)),
      ],
    );
  }

  /**
   * Ends an import whose rows are all dealt with, once everything that they told others is on its way: whoever waited
   * for it finds its figures in other services as well. Tells whether it is over.
   */
  async complete(tx: EntityManager, id: string): Promise<boolean> {
    const [completed] = await tx.query<[unknown[], number]>(
      `UPDATE import_job SET state = 'completed' WHERE id = $1 AND NOT EXISTS (
         SELECT FROM outbox WHERE published_at IS NULL AND created_at <= booked_at) RETURNING 1`,
      [id],
    );
    return completed.length > 0;
  }

  /** Whether a file of this user's is still being taken in, to stay. */
  async isUnderWay(tx: EntityManager, userId: string): Promise<boolean> {
    const [{ found }] = await tx.query<[{ found: boolean }]>(
      `SELECT EXISTS (SELECT FROM import_job
         WHERE state IN ('receiving', 'queued', 'running') AND started_by = $1 AND NOT dry_run) AS found`,
      [userId],
    );
    return found;
  }

  /** Ends the whole import. What its earlier batches did stays. */
  async fail(tx: EntityManager, id: string, failure: ImportFault): Promise<void> {
    await tx.query(`UPDATE import_job SET state = 'failed', failure = $2 WHERE id = $1`, [id, JSON.stringify(failure)]);
  }

  async postpone(tx: EntityManager, id: string, ms: number): Promise<void> {
    await tx.query(`UPDATE import_job SET next_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`, [
      id,
      ms,
    ]);
  }

  /** Ends the imports of which nothing came for ten minutes: whoever sent the file is gone. */
  async failAbandoned(tx: EntityManager, failure: ImportFault): Promise<void> {
    await tx.query(
      `UPDATE import_job SET state = 'failed', failure = $1
       WHERE state = 'receiving' AND next_at < clock_timestamp() - interval '10 minutes'`,
      [JSON.stringify(failure)],
    );
  }

  async faults(tx: EntityManager, id: string, limit: number): Promise<ImportFault[]> {
    return this.first(tx, 'faults', id, limit);
  }

  async warnings(tx: EntityManager, id: string, limit: number): Promise<ImportFault[]> {
    return this.first(tx, 'warnings', id, limit);
  }

  async failedRows(
    tx: EntityManager,
    id: string,
    afterRow: number,
    limit: number,
  ): Promise<(ImportRow & { faults: ImportFault[] })[]> {
    return tx.query(
      `SELECT row_no AS row, cells AS "values", faults FROM import_row
       WHERE import_id = $1 AND row_no > $2 AND faults IS NOT NULL ORDER BY row_no LIMIT $3`,
      [id, afterRow, limit],
    );
  }

  private async first(
    tx: EntityManager,
    column: 'faults' | 'warnings',
    id: string,
    limit: number,
  ): Promise<ImportFault[]> {
    const rows = await tx.query<{ list: ImportFault[] }[]>(
      `SELECT ${column} AS list FROM import_row WHERE import_id = $1 AND ${column} IS NOT NULL ORDER BY row_no LIMIT $2`,
      [id, limit],
    );
    return rows.flatMap(({ list }) => list).slice(0, limit);
  }
}

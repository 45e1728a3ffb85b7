import type { EntityManager } from 'typeorm';
import type { Permission } from '#access/permissions';
import type { Role } from '#contracts/context';
import { AppError, type FieldFault } from '#contracts/errors';
import type { ImportFault, ImportKind, ImportRow } from '#contracts/imports';

/** Whoever started the import, as he stands at the moment of the batch. */
export interface ImportActor {
  userId: string;
  username: string;
  role: Role;
}

/** What became of a row. A row that `failed` changed nothing, and says why in `faults`. */
export interface RowOutcome {
  row: number;
  outcome: 'created' | 'updated' | 'unchanged' | 'failed';
  faults: ImportFault[];
  warnings: ImportFault[];
}

/** How one kind of rows gets into the service that owns them. */
export interface ImportTarget {
  readonly kind: ImportKind;
  /** What the actor's role must allow, when he starts the import and again at each batch. */
  readonly permission: Permission;
  /** Columns that a file may have beside those of its kind. */
  furtherColumns?(tx: EntityManager): Promise<string[]>;
  /**
   * Brings up to 500 rows in, and answers for each of them. No key (`code`, `ref`) occurs in them twice. What other
   * services have to be asked for comes first, before a row is locked.
   * Errors: whatever it throws undoes the batch. `unavailable`, `timeout`, `too-many-requests` and transient faults of
   * the database let the batch be tried again later; anything else lets its rows be tried one by one.
   */
  applyBatch(
    tx: EntityManager,
    actor: ImportActor,
    rows: ImportRow[],
    options: { dryRun: boolean },
  ): Promise<RowOutcome[]>;
}

/** A fault of a row, or with `field` of one of its cells. */
export const rowFault = (
  row: number,
  field: string | null,
  code: string,
  message: string,
  params?: ImportFault['params'],
): ImportFault => ({ row, field, code, message, ...(params && { params }) });

export const failedRow = (row: number, ...faults: ImportFault[]): RowOutcome => ({
  row,
  outcome: 'failed',
  faults,
  warnings: [],
});

/**
 * What a business rule or a shape found wrong, as faults of the row: `/unitPrice` is its column `unit_price`.
 * Throws again what is not about the row.
 */
export function faultsOf(row: number, error: unknown): ImportFault[] {
  if (!(error instanceof AppError) || !['invalid', 'conflict', 'rule-violated'].includes(error.kind)) throw error;
  const faults = error.details['errors'] as FieldFault[] | undefined;
  if (!faults?.length) return [rowFault(row, null, error.slug, error.slug.replaceAll('-', ' '))];
  return faults.map(({ pointer, ...fault }) => ({ row, field: columnOf(pointer), ...fault }));
}

const columnOf = (pointer: string): string | null =>
  pointer.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) || null;

import { IMPORT_COLUMNS, IMPORT_REQUIRED, type ImportFault, type ImportKind, type ImportRow } from '#contracts/imports';
import type { FieldFault } from '#contracts/errors';
import { fold } from '#text/fold';

/** Columns that neither the kind nor `further` has, that occur twice, or that the kind can't do without. */
export function headerFaults(
  kind: ImportKind,
  header: readonly string[],
  further: readonly string[] = [],
): FieldFault[] {
  const known = new Set<string>([...IMPORT_COLUMNS[kind], ...further]);
  const faults = header.flatMap((column, place): FieldFault[] => {
    const pointer = `/header/${place}`;
    if (!known.has(column)) return [{ pointer, code: 'unknown-column', message: `Unknown column "${column}"` }];
    if (header.indexOf(column) === place) return [];
    return [{ pointer, code: 'repeated-column', message: `Column "${column}" occurs twice` }];
  });
  const missing = IMPORT_REQUIRED[kind].filter((column) => !header.includes(column));
  return [
    ...faults,
    ...missing.map((column) => ({
      pointer: '/header',
      code: 'missing-column',
      message: `Column "${column}" is missing`,
    })),
  ];
}

/**
 * The rows up to the first whose key one before it has: a file may name a thing twice, and then the later row is judged
 * against what the earlier one made of it. So the later one wins where a row may be changed, and counts as unchanged
 * where it says the same.
 */
export function untilRepeatedKey(kind: ImportKind, rows: ImportRow[]): ImportRow[] {
  const [key] = IMPORT_COLUMNS[kind];
  const seen = new Set<string>();
  const end = rows.findIndex(({ values, fault }) => {
    const value = fold(values[key] ?? '');
    if (fault || value === '') return false;
    if (seen.has(value)) return true;
    seen.add(value);
    return false;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

/** A reason for which the whole import ended. It stands at row 0, where no row is. */
export const wholeFault = (code: string, message: string): ImportFault => ({ row: 0, field: null, code, message });

export const brokenOff = wholeFault('broken-off', 'The file did not arrive completely');

/** PostgreSQL holds neither NUL nor half a surrogate pair; no file means them. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

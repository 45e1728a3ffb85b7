import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { BusinessDate } from '#contracts/common';
import { fieldFaults } from '#contracts/errors';
import type { ImportFault, ImportRow } from '#contracts/imports';

/** A date as `2024-03-09`, also `2024/3/9` and `2024-3-9`. Other orders are refused: nobody can tell them apart. */
export const dateCell = z.string().transform(plainDate).pipe(BusinessDate);

function plainDate(text: string): string {
  const parts = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (!parts) return text;
  const [, year = '', , month = '', day = ''] = parts;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/**
 * A number for a contract's decimal schema (`Money`, `Quantity`): `1234.50`, also `1,234.50`. Commas are taken only as
 * whole groups of thousands; zeros past the last decimal that the schema allows don't count.
 */
export const decimalCell = <S extends z.ZodType<string, string>>(schema: S) =>
  z.string().transform(plainDecimal).pipe(schema);

function plainDecimal(text: string): string {
  const grouped = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text);
  const plain = grouped ? text.replaceAll(',', '') : text;
  return /^[-+]?\d{1,30}(\.\d{0,30})?$/.test(plain) ? new Decimal(plain).toFixed() : text;
}

/** A whole number. */
export const integerCell = <S extends z.ZodType<number, number>>(schema: S) =>
  z
    .string()
    .regex(/^\d{1,9}(\.0+)?$/, 'A whole number')
    .transform(Number)
    .pipe(schema);

const TRUE = new Set(['true', '1', 'yes', 'y', '是', 'x', '√']);
const FALSE = new Set(['false', '0', 'no', 'n', '否']);

/** `true`/`false`, `1`/`0`, `yes`/`no`, 是/否. */
export const booleanCell = z.string().transform((text, context) => {
  const value = text.toLowerCase();
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  context.addIssue({ code: 'custom', message: 'true or false, 1 or 0, 是 or 否' });
  return z.NEVER;
});

/**
 * Reads a row by a schema whose members are the file's columns. Empty cells are left out, so that a column is optional
 * where the schema says so. Full-width digits and letters stay as they are in text, and are understood in numbers,
 * dates and yes/no.
 */
export function readRow<S extends z.ZodObject>(
  schema: S,
  { row, values }: ImportRow,
): { value: z.output<S>; faults?: undefined } | { value?: undefined; faults: ImportFault[] } {
  const cells = Object.entries(values).flatMap(([column, text]) => {
    const cell = text.trim();
    if (cell === '' || !(column in schema.shape)) return [];
    return [[column, isPlainText(schema.shape[column]) ? cell : cell.normalize('NFKC')]];
  });
  const parsed = schema.safeParse(Object.fromEntries(cells), { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  // One fault for each cell is enough to mend it.
  const faults = new Map<string, ImportFault>();
  for (const { pointer, ...fault } of fieldFaults(parsed.error)) {
    const [field] = pointer.slice(1).split('/');
    if (field && !faults.has(field)) faults.set(field, { row, field, ...fault });
  }
  return { faults: [...faults.values()] };
}

/** A column of text, as opposed to one that is read as something else. */
function isPlainText(type: unknown): boolean {
  const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
  return inner instanceof z.ZodString;
}

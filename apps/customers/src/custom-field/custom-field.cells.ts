import { z } from 'zod';
import { line } from '#contracts/common';
import { booleanCell, dateCell, decimalCell } from '#imports/cells';
import { foldCode } from '../duplicate/folding.rules.js';
import type { CustomField } from './custom-field.entity.js';
import type { CustomValues } from './custom-field.rules.js';

const PREFIX = 'custom.';
const DECIMAL = z.string().regex(/^-?\d{1,15}(\.\d{1,9})?$/, 'A number');

/** The column of a field in a file. */
export const columnOf = ({ key }: Pick<CustomField, 'key'>) => `${PREFIX}${key}` as const;

/** How the columns of fields are read. */
export function customCells(fields: readonly CustomField[]) {
  const cells: Record<ReturnType<typeof columnOf>, z.ZodOptional<z.ZodType>> = {};
  for (const field of fields) cells[columnOf(field)] = cellOf(field).optional();
  return cells;
}

function cellOf({ type, options }: CustomField): z.ZodType {
  switch (type) {
    case 'text':
      return line(500);
    case 'number':
      return decimalCell(DECIMAL).transform(Number);
    case 'date':
      return dateCell;
    case 'boolean':
      return booleanCell;
    case 'choice':
      return z.string().transform((text, context) => {
        const option = options?.find((one) => foldCode(one) === foldCode(text));
        if (option !== undefined) return option;
        context.addIssue({ code: 'custom', message: `One of: ${options?.join(', ')}` });
        return z.NEVER;
      });
  }
}

/** The values among the cells of a row that has been read, and the other cells. */
export function splitCells<T extends object>(cells: T): { values: CustomValues; others: T } {
  const entries = Object.entries(cells);
  const isCustom = ([column]: [string, unknown]) => column.startsWith(PREFIX);
  const values: [string, unknown][] = entries
    .filter(isCustom)
    .map(([column, value]) => [column.slice(PREFIX.length), value]);
  return {
    values: Object.fromEntries(values) as CustomValues,
    others: Object.fromEntries(entries.filter((entry) => !isCustom(entry))) as T,
  };
}

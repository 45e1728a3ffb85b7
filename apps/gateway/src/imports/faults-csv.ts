import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { z } from 'zod';
import type { Language } from '#contracts/common';
import type { customersImports } from '#contracts/imports';
import { worded } from '../problems/faults.js';

export type FaultsPage = z.output<(typeof customersImports.faults)['output']>;

/**
 * The faulty rows as a file that can be mended and imported again: the columns as they were, and why. The first page is
 * there already, so that whatever is wrong shows before the answer begins.
 */
export function faultsCsv(
  first: FaultsPage,
  next: (afterRow: number) => Promise<FaultsPage>,
  language: Language,
): Readable {
  async function* lines() {
    for (let page = first; ;) {
      for (const { values, faults } of page.rows) {
        const reasons = faults
          .map((fault) => worded(fault, language))
          .map(({ field, message }) => (field === null ? message : `${field}: ${message}`));
        yield [...page.header.map((column) => values[column] ?? ''), reasons.join('; ')].map(defuse);
      }
      const last = page.rows.at(-1);
      if (page.done || !last) return;
      page = await next(last.row);
    }
  }
  // The mark tells spreadsheets that it is UTF-8.
  const written = stringify({
    bom: true,
    header: true,
    columns: [...first.header, 'error'],
    record_delimiter: 'windows',
  });
  const source = Readable.from(lines()).on('error', (error) => written.destroy(error));
  return source.pipe(written);
}

/** A spreadsheet would run what begins like a formula. A number is none, be it negative. */
export const isFormula = (cell: string): boolean =>
  /^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^[-+]?\d+(\.\d+)?$/.test(cell);

export const defuse = (cell: string): string => (isFormula(cell) ? `'${cell}` : cell);

import { Readable, pipeline } from 'node:stream';
import { stringify } from 'csv-stringify';
import { defuse } from '../imports/faults-csv.js';
import type { Table } from './table.js';

/** As spreadsheets read it: the mark tells them that it is UTF-8, and nothing in it is a formula. */
export function csvOf({ columns, rows }: Table): Readable {
  async function* lines() {
    for await (const row of rows) yield row.map((cell) => defuse(String(cell ?? '')));
  }
  const headings = columns.map(({ heading }) => heading);
  const written = stringify({ bom: true, header: true, columns: headings, record_delimiter: 'windows' });
  // Whoever stops reading ends the rows, too; what goes wrong reaches the reader as an answer that breaks off.
  return pipeline(Readable.from(lines()), written, () => {});
}

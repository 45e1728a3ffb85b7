import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { AppError } from '#contracts/errors';
import { IMPORT_BATCH, type ImportRow } from '#contracts/imports';

const CELL = 10_000;
/** What a message may hold, with room for how JSON writes it. */
const BATCH_BYTES = 300_000;

/** The cells of each line of a CSV file, as they stand. Errors: `invalid/unreadable-file`, with the row that breaks it. */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  let row = 0;
  const cells = Readable.from(text, { objectMode: false }).on('error', (error) => parser.destroy(error));
  const parser = cells.pipe(parse({ relax_column_count: true, relax_quotes: true, max_record_size: 1_000_000 }));
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      row++;
      yield record;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new AppError('invalid', 'unreadable-file', { row: row + 1 });
    throw error;
  } finally {
    cells.destroy();
  }
}

/** The columns that a file's first row names. */
export function headerOf(cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const last = names.findLastIndex((name) => name !== '');
  return names.slice(0, last + 1);
}

/** A row of the file by its columns; undefined for an empty one. Spreadsheets fill up with empty cells: they don't count. */
export function rowOf(row: number, header: string[], cells: string[]): ImportRow | undefined {
  if (cells.every((cell) => cell.trim() === '')) return undefined;
  const values = Object.fromEntries(header.map((column, place) => [column, (cells[place] ?? '').slice(0, CELL)]));
  const tooLong = header.find((_, place) => (cells[place] ?? '').length > CELL);
  if (cells.length < header.length)
    return { row, values, fault: faulty('too-few-columns', 'Fewer cells than columns') };
  if (cells.slice(header.length).some((cell) => cell.trim() !== '')) {
    return { row, values, fault: faulty('too-many-columns', 'More cells than columns') };
  }
  return tooLong === undefined ? { row, values } : { row, values, fault: faulty('too-long', 'Too long', tooLong) };
}

const faulty = (code: string, message: string, field: string | null = null) => ({ field, code, message });

/** Rows in batches that fit into one message. */
export async function* inBatches(rows: AsyncIterable<ImportRow>): AsyncGenerator<ImportRow[]> {
  let batch: ImportRow[] = [];
  let bytes = 0;
  for await (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row));
    if (batch.length === IMPORT_BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(row);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

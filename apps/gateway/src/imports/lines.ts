import { AppError } from '#contracts/errors';
import { decode } from './decode.js';
import { readCsv } from './rows.js';
import { readXlsx } from './xlsx.js';

/** A workbook's parts come in any order, so it is read when it is all there; more rows than fit come as CSV. */
const WORKBOOK_BYTES = 10_000_000;
const UNPACKED_BYTES = 200_000_000;
const ZIP = '504b0304';

/**
 * The cells of each line of a file: CSV while it comes in, or the first sheet of a workbook.
 * Errors: those of `decode`, `readCsv` and `readXlsx`; `too-large/file-too-large` for a workbook.
 */
export async function* linesOf(file: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const chunks = file[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < ZIP.length / 2) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  async function* whole() {
    yield start;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  if (start.toString('hex', 0, ZIP.length / 2) === ZIP) yield* readXlsx(await collect(whole()), UNPACKED_BYTES);
  else yield* readCsv(decode(whole()));
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > WORKBOOK_BYTES) throw new AppError('too-large', 'file-too-large', { limit: WORKBOOK_BYTES });
    held.push(chunk);
  }
  return Buffer.concat(held);
}

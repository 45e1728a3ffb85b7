import { TextDecoder } from 'node:util';
import { AppError } from '#contracts/errors';

/** So much of a file's first non-ASCII part is looked at to tell its encoding, in bytes. */
const SAMPLE = 65_536;

/**
 * A file's bytes as text: UTF-8, with or without its mark, or else GB18030, which Excel writes in China. Their ASCII is
 * the same, so nothing need be decided before the first byte that isn't.
 * Errors: `unsupported-media-type/spreadsheet-not-supported`; `invalid/unreadable-file` for what is text in neither.
 */
export async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of chunks) {
    if (decoder) {
      yield text(() => decoder?.decode(chunk, { stream: true }) ?? '');
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (!begun && held.length < MARK) continue;
    if (!begun && isSpreadsheet(held)) throw new AppError('unsupported-media-type', 'spreadsheet-not-supported');
    begun = true;
    const start = held.findIndex((byte) => byte > 0x7f);
    const ascii = start === -1 ? held : held.subarray(0, start);
    if (ascii.length > 0) yield text(() => ascii.toString('latin1'));
    held = held.subarray(ascii.length);
    if (held.length < SAMPLE) continue;
    const chosen = (decoder = decoderFor(held));
    yield text(() => chosen.decode(held, { stream: true }));
  }
  const chosen = decoder ?? decoderFor(held);
  yield text(() => chosen.decode(decoder ? undefined : held));
}

function decoderFor(sample: Uint8Array): TextDecoder {
  try {
    // A character that is cut off at the end is no fault.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return new TextDecoder('utf-8', { fatal: true });
  } catch {
    return new TextDecoder('gb18030', { fatal: true });
  }
}

function text(decoded: () => string): string {
  let result: string;
  try {
    result = decoded();
  } catch {
    throw new AppError('invalid', 'unreadable-file');
  }
  if (result.includes('\u0000')) throw new AppError('invalid', 'unreadable-file');
  return result;
}

const MARK = 4;
/** XLSX is a ZIP archive; XLS has a mark of its own. */
function isSpreadsheet(start: Buffer): boolean {
  const mark = start.subarray(0, MARK).toString('hex');
  return mark === '504b0304' || mark === 'd0cf11e0';
}

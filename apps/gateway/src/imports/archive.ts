import { promisify } from 'node:util';
import { fromBuffer, type Entry, type Options, type ZipFile } from 'yauzl';
import { AppError } from '#contracts/errors';

/** A workbook has about ten, and one more for each sheet and picture. */
const ENTRIES = 2_000;

/** The parts of a ZIP archive that is all there. */
export interface Archive {
  has(path: string): boolean;
  /** Errors: `invalid/unreadable-file`; `too-large/file-too-large` once all that was read exceeds the limit. */
  read(path: string): AsyncGenerator<Uint8Array>;
}

const open = promisify<Buffer, Options, ZipFile>(fromBuffer);

/** Errors: `invalid/unreadable-file`. `limit`: of all that is read of it, unpacked, in bytes. */
export async function openArchive(bytes: Buffer, limit: number): Promise<Archive> {
  const zip = await open(bytes, { lazyEntries: true, autoClose: false }).catch(refuse);
  const entries = await entriesOf(zip).catch(refuse);
  let left = limit;
  return {
    has: (path) => entries.has(path),
    async *read(path) {
      const entry = entries.get(path);
      if (!entry || entry.isEncrypted()) throw new AppError('invalid', 'unreadable-file');
      try {
        const stream = await promisify(zip.openReadStream.bind(zip) as OpenStream)(entry);
        for await (const chunk of stream as AsyncIterable<Uint8Array>) {
          // What its header says is not believed.
          left -= chunk.length;
          if (left < 0) throw new AppError('too-large', 'file-too-large', { limit });
          yield chunk;
        }
      } catch (error) {
        refuse(error);
      }
    },
  };
}

type OpenStream = (entry: Entry, done: (error: Error | null, stream: NodeJS.ReadableStream) => void) => void;

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (entries.size >= ENTRIES) return reject(new AppError('invalid', 'unreadable-file'));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

/** The library's errors have only their words. */
function refuse(error: unknown): never {
  throw error instanceof AppError ? error : new AppError('invalid', 'unreadable-file');
}

import { SaxesParser } from 'saxes';
import { AppError } from '#contracts/errors';
import { openArchive, type Archive } from './archive.js';
import { dateStylesOf, textOf, type Raw, type Styles } from './xlsx-cells.js';

/** No import has more columns, and no sheet more rows. */
const COLUMNS = 500;
const ROWS = 1_048_576;

type Tag = { name: string; attributes: Record<string, string> };
interface Handlers {
  open?(tag: Tag): void;
  text?(text: string): void;
  close?(name: string): void;
}

/**
 * The cells of each row of a workbook's first sheet, as a CSV file would hold them: dates as `YYYY-MM-DD`, numbers
 * without exponents. Rows that the file leaves out come empty, so that each keeps its number.
 * Errors: `invalid/unreadable-file`; `too-large/file-too-large` for what grows beyond `limit` bytes when unpacked.
 */
export async function* readXlsx(bytes: Buffer, limit: number): AsyncGenerator<string[]> {
  const archive = await openArchive(bytes, limit);
  const { path, epoch1904 } = await firstSheet(archive);
  const styles = { dates: await dateStyles(archive), epoch1904 };
  const shared = await sharedStrings(archive);
  let number = 0;
  for await (const row of rowsOf(archive, path)) {
    if (!(row.number > number && row.number <= ROWS)) throw unreadable();
    while (++number < row.number) yield [];
    yield cellsOf(row.cells, shared, styles);
  }
}

function cellsOf(raw: Map<number, Raw>, shared: string[], styles: Styles): string[] {
  const cells: string[] = [];
  for (const [column, cell] of raw) {
    const text = textOf(cell, shared, styles);
    if (text === '') continue;
    if (column >= COLUMNS) throw unreadable();
    while (cells.length < column) cells.push('');
    cells[column] = text;
  }
  return cells;
}

async function* rowsOf(archive: Archive, path: string): AsyncGenerator<{ number: number; cells: Map<number, Raw> }> {
  let done: { number: number; cells: Map<number, Raw> }[] = [];
  let number = 0;
  let cells = new Map<number, Raw>();
  let column = -1;
  let cell: Raw | undefined;
  let inText = false;
  const pieces = parse(archive, path, {
    open({ name, attributes: { r, t, s } }) {
      if (name === 'row') {
        number = r === undefined ? number + 1 : Number(r);
        cells = new Map();
        column = -1;
      } else if (name === 'c') {
        column = r === undefined ? column + 1 : columnOf(r);
        cells.set(column, (cell = { type: t ?? 'n', style: Number(s ?? 0), text: '' }));
      } else if (name === 'v' || name === 't') inText = true;
      // How a word is read aloud is not part of it.
      else if (name === 'rPh') cell = undefined;
    },
    text(text) {
      if (cell && inText) cell.text += text;
    },
    close(name) {
      if (name === 'v' || name === 't') inText = false;
      else if (name === 'rPh') cell = cells.get(column);
      else if (name === 'row') done.push({ number, cells });
    },
  });
  for await (const _ of pieces) {
    yield* done;
    done = [];
  }
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = [];
  if (!archive.has('xl/sharedStrings.xml')) return strings;
  let text = '';
  let inText = false;
  let aloud = false;
  const pieces = parse(archive, 'xl/sharedStrings.xml', {
    open({ name }) {
      if (name === 'si') text = '';
      else if (name === 't') inText = true;
      else if (name === 'rPh') aloud = true;
    },
    text: (piece) => void (inText && !aloud && (text += piece)),
    close(name) {
      if (name === 'si') strings.push(text);
      else if (name === 't') inText = false;
      else if (name === 'rPh') aloud = false;
    },
  });
  for await (const _ of pieces);
  return strings;
}

/** Which cell styles show a date. */
async function dateStyles(archive: Archive): Promise<boolean[]> {
  if (!archive.has('xl/styles.xml')) return [];
  const formats = new Map<number, string>();
  const used: number[] = [];
  let inCells = false;
  const pieces = parse(archive, 'xl/styles.xml', {
    open({ name, attributes }) {
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) used.push(Number(attributes['numFmtId'] ?? 0));
    },
    close: (name) => void (name === 'cellXfs' && (inCells = false)),
  });
  for await (const _ of pieces);
  return dateStylesOf(used, formats);
}

/** Where the first sheet is, and from when the workbook counts its days. */
async function firstSheet(archive: Archive): Promise<{ path: string; epoch1904: boolean }> {
  let relation: string | undefined;
  let epoch1904 = false;
  const workbook = parse(archive, 'xl/workbook.xml', {
    open({ name, attributes }) {
      if (name === 'sheet') relation ??= attributes['id'];
      else if (name === 'workbookPr') epoch1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    },
  });
  for await (const _ of workbook);
  let target: string | undefined;
  const relations = parse(archive, 'xl/_rels/workbook.xml.rels', {
    open({ name, attributes }) {
      if (name === 'Relationship' && attributes['Id'] === relation) target = attributes['Target'];
    },
  });
  for await (const _ of relations);
  if (target === undefined) throw unreadable();
  return { path: target.startsWith('/') ? target.slice(1) : `xl/${target}`, epoch1904 };
}

/** Reads a part piece by piece; whoever takes the pieces finds after each what the handlers made of it. */
async function* parse(archive: Archive, path: string, handlers: Handlers): AsyncGenerator<void> {
  const parser = new SaxesParser();
  // Some writers give every name a prefix; none of the names that are read here is ambiguous without.
  const plain = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('error', () => {
    throw unreadable();
  });
  parser.on('opentag', ({ name, attributes }) => {
    const named = Object.entries(attributes as Record<string, string>).map(([key, value]) => [plain(key), value]);
    handlers.open?.({ name: plain(name), attributes: Object.fromEntries(named) as Record<string, string> });
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('closetag', ({ name }) => handlers.close?.(plain(name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of archive.read(path)) {
    parser.write(decodeOrRefuse(() => decoder.decode(chunk, { stream: true })));
    yield;
  }
  parser.close();
  yield;
}

function decodeOrRefuse(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw unreadable();
  }
}

/** `C12` is in the third column, which is number 2. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0];
  if (letters === undefined) throw unreadable();
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

const unreadable = () => new AppError('invalid', 'unreadable-file');

import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { AppError } from '#contracts/errors';
import { isFormula } from '../imports/faults-csv.js';
import type { Cell, CellType, Table } from './table.js';

/** More doesn't fit on a sheet. */
const ROWS = 1_048_576;
/** What a spreadsheet takes in one cell. */
const CHARACTERS = 32_767;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Places in `cellXfs` below. */
const STYLE: Record<Exclude<CellType, 'number'> | 'heading' | 'quoted', number> = {
  text: 0,
  money: 1,
  date: 2,
  heading: 3,
  quoted: 4,
};
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/><xf quotePrefix="1"/></cellXfs></styleSheet>`;

const FIXED = {
  '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': STYLES,
};

/** A workbook of one sheet, written while its rows come in. `at`: the files' time in the archive. */
export function xlsxOf(table: Table, at: Date): Readable {
  const zip = new ZipFile();
  const options = { mtime: at, forceDosTimestamp: true };
  for (const [name, content] of Object.entries({ ...FIXED, 'xl/workbook.xml': workbook(table.title) })) {
    zip.addBuffer(Buffer.from(content), name, options);
  }
  const sheet = Readable.from(inPieces(sheetXml(table)), { objectMode: false });
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', options);
  zip.end();
  // Whoever stops reading ends the rows, too; what goes wrong reaches the reader as an answer that breaks off.
  const written = zip.outputStream as Readable;
  const breakOff = (error: Error) => void written.destroy(error);
  zip.on('error', breakOff);
  // The archive listens to no error of what it is given; one that nobody hears would end the process.
  sheet.on('error', breakOff);
  written.once('close', () => sheet.destroy());
  return written;
}

const workbook = (title: string) =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${xml(title.slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`;

async function* sheetXml({ columns, rows }: Table): AsyncGenerator<string> {
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
  yield `<row>${columns.map(({ heading }) => text(heading, STYLE.heading)).join('')}</row>`;
  let count = 1;
  for await (const row of rows) {
    if (++count > ROWS) throw new AppError('too-large', 'too-many-rows-for-a-sheet');
    yield `<row>${row.map((cell, place) => cellXml(cell, columns[place]?.type ?? 'text')).join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function cellXml(cell: Cell, type: CellType): string {
  if (cell === undefined || cell === '') return '<c/>';
  if (type === 'date') return `<c s="${STYLE.date}"><v>${serialOf(String(cell))}</v></c>`;
  if (type === 'money') return `<c s="${STYLE.money}"><v>${cell}</v></c>`;
  if (type === 'number') return `<c><v>${cell}</v></c>`;
  const value = String(cell).slice(0, CHARACTERS);
  // The mark of a text that its writer quoted: it stays a text even when the cell is edited or the sheet saved as CSV.
  return text(value, isFormula(value) ? STYLE.quoted : STYLE.text);
}

const text = (value: string, style: number) =>
  `<c t="inlineStr"${style === STYLE.text ? '' : ` s="${style}"`}><is><t xml:space="preserve">${xml(value)}</t></is></c>`;

/** Days since the last one of 1899, which is how spreadsheets count. */
const serialOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Without what XML 1.0 can't hold. */
const xml = (value: string) =>
  value
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** Many small strings as few larger ones. */
async function* inPieces(strings: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let held: string[] = [];
  let length = 0;
  for await (const one of strings) {
    held.push(one);
    length += one.length;
    if (length < 32_768) continue;
    yield Buffer.from(held.join(''));
    [held, length] = [[], 0];
  }
  yield Buffer.from(held.join(''));
}

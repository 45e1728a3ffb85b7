import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { xlsxOf } from '../exports/xlsx.js';
import { linesOf } from './lines.js';
import { readXlsx } from './xlsx.js';

const LIMIT = 1_000_000;

async function rowsOf(bytes: Buffer, limit = LIMIT): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of readXlsx(bytes, limit)) rows.push(row);
  return rows;
}

async function zipOf(parts: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream as Readable);
}

/** As another writer lays it out: the first sheet isn't the first part, texts are shared and come last, names have a prefix. */
const workbook = (sheetData: string, more: Record<string, string> = {}, properties = '') =>
  zipOf({
    'xl/workbook.xml': `<x:workbook xmlns:x="m" xmlns:r="o"><x:workbookPr ${properties}/><x:sheets><x:sheet name="客户" sheetId="7" r:id="rId5"/><x:sheet name="other" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId5" Target="/xl/worksheets/sheet5.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row><c t="str"><v>wrong</v></c></row></sheetData></worksheet>',
    'xl/worksheets/sheet5.xml': `<x:worksheet xmlns:x="m"><x:sheetData>${sheetData}</x:sheetData></x:worksheet>`,
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml':
      '<sst><si><t>code</t></si><si><r><t>深圳市</t></r><r><t xml:space="preserve"> 中興</t></r><rPh><t>zhongxing</t></rPh></si><si><t>a &amp; b</t></si></sst>',
    ...more,
  });

it('reads a file of our own', async () => {
  async function* rows() {
    yield ['A1', '=1+1 <b>', '2026-02-28', '1234.50', 30];
    yield ['A2', undefined, '1999-12-31', '-0.10', undefined];
  }
  const columns = (['text', 'text', 'date', 'money', 'number'] as const).map((type) => ({
    heading: `${type} 标题`,
    type,
  }));
  const bytes = await buffer(xlsxOf({ title: 'Customers', columns, rows: rows() }, new Date(0)));
  expect(await rowsOf(bytes)).toEqual([
    ['text 标题', 'text 标题', 'date 标题', 'money 标题', 'number 标题'],
    ['A1', '=1+1 <b>', '2026-02-28', '1234.5', '30'],
    ['A2', '', '1999-12-31', '-0.1'],
  ]);
});

it("reads another writer's: shared and rich texts, gaps, formulas, booleans", async () => {
  const sheet =
    '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="C1" t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c></x:row>' +
    '<x:row r="4"><x:c r="A4" t="s"><x:v>1</x:v></x:c><x:c r="B4" t="b"><x:v>1</x:v></x:c><x:c r="D4" t="str"><x:f>A1</x:f><x:v>sum</x:v></x:c><x:c r="E4" t="s"><x:v>2</x:v></x:c></x:row>';
  expect(await rowsOf(await workbook(sheet))).toEqual([
    ['code', '', 'name'],
    [],
    [],
    ['深圳市 中興', 'true', '', 'sum', 'a & b'],
  ]);
});

it.each([
  ['1', '12', '1900-01-12'],
  ['0', '1.0E+2', '100'],
  ['0', '1234.5599999999999', '1234.56'],
  ['0', '13800138000', '13800138000'],
  ['0', '1E-7', '0.0000001'],
  ['0', '-0.30000000000000004', '-0.3'],
  ['3', '44.5', '44.5'],
  ['1', '46081', '2026-02-28'],
  ['1', '46081.75', '2026-02-28'],
  ['2', '46081', '2026-02-28'],
  ['1', '59', '1900-02-28'],
  ['1', '61', '1900-03-01'],
  ['1', '99999999', '99999999'],
])('gives a number in style %s, %s, as %s', async (style, stored, shown) => {
  expect(await rowsOf(await workbook(`<x:row><x:c s="${style}"><x:v>${stored}</x:v></x:c></x:row>`))).toEqual([
    [shown],
  ]);
});

it('counts the days from 1904 where the workbook does', async () => {
  const bytes = await workbook('<x:row><x:c s="1"><x:v>44619</x:v></x:c></x:row>', {}, 'date1904="1"');
  expect(await rowsOf(bytes)).toEqual([['2026-02-28']]);
});

describe('refuses', () => {
  const refused = (bytes: Buffer | Promise<Buffer>, limit?: number) => async () => rowsOf(await bytes, limit);
  const row = (text: string) => `<x:row>${text}</x:row>`;

  it('what is broken off, or no workbook', async () => {
    const bytes = await workbook(row('<x:c><x:v>1</x:v></x:c>'));
    await expect(refused(bytes.subarray(0, bytes.length / 2))).rejects.toThrow('unreadable-file');
    await expect(refused(zipOf({ 'word/document.xml': '<w/>' }))).rejects.toThrow('unreadable-file');
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 40, 300);
    await expect(refused(damaged)).rejects.toThrow('unreadable-file');
  });

  it.each([
    ['XML that breaks off', row('<x:c>').slice(0, -8)],
    ['entities of its own', '&bomb;'],
    ['rows that go back', '<x:row r="5"/><x:row r="2"/>'],
    ['a row beyond any sheet', '<x:row r="99999999"/>'],
    ['a row that has no number', '<x:row r="x"/>'],
    ['a column beyond any import', row('<x:c r="XFD1"><x:v>1</x:v></x:c>')],
    ['a cell that is nowhere', row('<x:c r="!!"><x:v>1</x:v></x:c>')],
  ])('%s', async (_what, sheet) => {
    await expect(refused(workbook(sheet))).rejects.toThrow('unreadable-file');
  });

  it('a small file that unpacks to a large one, whatever it says of itself', async () => {
    const bomb = workbook('', { 'xl/sharedStrings.xml': `<sst>${'<si><t>0</t></si>'.repeat(200_000)}</sst>` });
    expect((await bomb).length).toBeLessThan(50_000);
    await expect(refused(bomb, LIMIT)).rejects.toThrow('file-too-large');
  });

  it('a workbook that is too large to be held', async () => {
    async function* endless() {
      yield Buffer.from('504b0304', 'hex');
      for (;;) yield Buffer.alloc(1_000_000);
    }
    await expect(async () => {
      for await (const _ of linesOf(endless()));
    }).rejects.toThrow('file-too-large');
  });
});

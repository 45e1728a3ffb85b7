import { buffer, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { defuse, faultsCsv, type FaultsPage } from './faults-csv.js';

const page = (rows: [number, Record<string, string>][], done: boolean): FaultsPage => ({
  header: ['code', 'name'],
  rows: rows.map(([row, values]) => ({
    row,
    values,
    faults: [
      { row, field: 'name', code: 'required', message: 'Must be filled in' },
      { row, field: null, code: 'x', message: 'Odd' },
    ],
  })),
  done,
});

it('gives the columns as they were, and why [A11]', async () => {
  const written = await buffer(
    faultsCsv(page([[2, { code: 'A"1', name: '' }]], true), () => Promise.reject(new Error()), 'en'),
  );
  expect(written.toString()).toMatch(/^\ufeffcode,name,error\r\n/);
  expect(parse(written, { bom: true, columns: true })).toEqual([
    { code: 'A"1', name: '', error: 'name: Must be filled in; Odd' },
  ]);
});

it('says why in the language of whoever asks', async () => {
  const written = await text(faultsCsv(page([[2, { code: 'a' }]], true), () => Promise.reject(new Error()), 'zh-Hant'));
  expect(written).toContain('name: 必填; Odd');
});

it('goes through all pages, each after the last row of the one before', async () => {
  const asked: number[] = [];
  const pages = [page([[9, { code: 'c' }]], false), page([], true)];
  const written = await text(
    faultsCsv(
      page(
        [
          [2, { code: 'a' }],
          [5, { code: 'b' }],
        ],
        false,
      ),
      async (afterRow) => {
        asked.push(afterRow);
        return pages.shift() as FaultsPage;
      },
      'en',
    ),
  );
  expect(asked).toEqual([5, 9]);
  const codes = parse<{ code: string }>(written, { bom: true, columns: true }).map(({ code }) => code);
  expect(codes).toEqual(['a', 'b', 'c']);
});

it('breaks off when a page can not be had', async () => {
  const stream = faultsCsv(page([[2, { code: 'a' }]], false), () => Promise.reject(new Error('away')), 'en');
  await expect(text(stream)).rejects.toThrow('away');
});

it.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-x', "'-x"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['-12.50', '-12.50'],
  ['+86', '+86'],
  ['-1+1', "'-1+1"],
  ['中兴', '中兴'],
  ['', ''],
])('writes %j as %j', (cell, written) => {
  expect(defuse(cell)).toBe(written);
});

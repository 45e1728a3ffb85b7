import { Readable } from 'node:stream';
import { IMPORT_BATCH, type ImportRow } from '#contracts/imports';
import { headerOf, inBatches, readCsv, rowOf } from './rows.js';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
const csv = (...parts: string[]) => collect(readCsv(Readable.from(parts)));

describe('the lines of a CSV file', () => {
  it('are read with quotes, line breaks in cells, and any line ending', async () => {
    expect(await csv('a,b\r\n1,"x, ""y""\nz"\r\n', '2,', '3')).toEqual([
      ['a', 'b'],
      ['1', 'x, "y"\nz'],
      ['2', '3'],
    ]);
  });

  it('keep empty lines and uneven ones, for rows to have their numbers', async () => {
    expect(await csv('a,b\n\n1\n1,2,3\n')).toEqual([['a', 'b'], [''], ['1'], ['1', '2', '3']]);
  });

  it('take a stray quote for itself', async () => {
    expect(await csv('a,b\n5" pipe,x"y\n')).toEqual([
      ['a', 'b'],
      ['5" pipe', 'x"y'],
    ]);
  });

  it('end where a quote is never closed, and say in which row', async () => {
    await expect(csv('a,b\n1,2\n3,"4\n5,6\n')).rejects.toMatchObject({ slug: 'unreadable-file', details: { row: 3 } });
  });

  it('pass on what is wrong with the text', async () => {
    async function* broken() {
      yield 'a,b\n';
      throw new Error('cut off');
    }
    await expect(collect(readCsv(broken()))).rejects.toThrow('cut off');
  });
});

it('names columns without regard to case and surrounding spaces', () => {
  expect(headerOf([' Code', 'NAME ', 'status', '', ' '])).toEqual(['code', 'name', 'status']);
  expect(headerOf([''])).toEqual([]);
});

describe('a row', () => {
  const header = ['code', 'name'];

  it('has its cells by column, as they stand', () => {
    expect(rowOf(2, header, ['A1', ' x '])).toEqual({ row: 2, values: { code: 'A1', name: ' x ' } });
    expect(rowOf(2, header, ['A1', 'x', '', ' '])).toEqual({ row: 2, values: { code: 'A1', name: 'x' } });
  });

  it('is nothing when all of it is empty', () => {
    expect(rowOf(2, header, ['', ' '])).toBeUndefined();
  });

  it.each([
    [['A1'], 'too-few-columns', null],
    [['A1', 'x', 'y'], 'too-many-columns', null],
    [['A1', 'x'.repeat(10_001)], 'too-long', 'name'],
  ])('with %j is at fault', (cells, code, field) => {
    const row = rowOf(7, header, cells);
    expect(row).toMatchObject({ row: 7, values: { code: 'A1' }, fault: { code, field } });
    expect(row?.values['name']?.length).toBeLessThanOrEqual(10_000);
  });
});

describe('batches', () => {
  const rows = (count: number, size: number): ImportRow[] =>
    Array.from({ length: count }, (_, index) => ({ row: index + 2, values: { name: 'x'.repeat(size) } }));
  const sizes = async (all: ImportRow[]) => (await collect(inBatches(Readable.from(all)))).map(({ length }) => length);

  it('hold as many rows as the contract says', async () => {
    expect(await sizes(rows(IMPORT_BATCH * 2 + 1, 5))).toEqual([IMPORT_BATCH, IMPORT_BATCH, 1]);
    expect(await sizes([])).toEqual([]);
  });

  it('fit into a message, be the rows ever so long', async () => {
    const batches = await collect(inBatches(Readable.from(rows(100, 10_000))));
    for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(900_000);
    expect(batches.flat()).toEqual(rows(100, 10_000));
  });
});

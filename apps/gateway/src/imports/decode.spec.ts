import fc from 'fast-check';
import { decode } from './decode.js';

const TEXT = 'code,name\nA1,深圳市中興通信股份有限公司\n';
/** The same in GB18030. */
const GB = Buffer.concat([
  Buffer.from('code,name\nA1,'),
  Buffer.from('c9eedbdacad0d6d0c5d4cda8d0c5b9c9b7ddd3d0cfdeb9abcbbe', 'hex'),
  Buffer.from('\n'),
]);

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(bytes: Uint8Array, size = 7): Promise<string> {
  let text = '';
  for await (const part of decode(inPieces(bytes, size))) text += part;
  return text;
}

it('reads UTF-8 however it is cut, with and without its mark', async () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 50 }).filter((text) => !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(word), fc.integer({ min: 1, max: 20 }), async (words, size) => {
      const text = words
        .join(',')
        .replace(/^\ufeff+/, '')
        .toWellFormed();
      if (/^(PK|\ufeff)/.test(text)) return;
      expect(await read(Buffer.from(text), size)).toBe(text);
      expect(await read(Buffer.from(`\ufeff${text}`), size)).toBe(text);
    }),
  );
});

it('reads GB18030', async () => {
  const expected = new TextDecoder('gb18030').decode(GB);
  expect(expected).toContain('深圳市中');
  for (const size of [1, 2, 7, 1_000]) expect(await read(GB, size)).toBe(expected);
});

it('tells the encoding from the first characters that are not ASCII, however late they come', async () => {
  const rows = 'A1,x\n'.repeat(50_000);
  expect(await read(Buffer.from(rows + TEXT), 65_536)).toBe(rows + TEXT);
  const late = await read(Buffer.concat([Buffer.from(rows), GB]), 65_536);
  expect(late.slice(0, rows.length)).toBe(rows);
  expect(late).toContain('深圳市中');
});

it('goes on in the encoding that it has begun in', async () => {
  const mixed = Buffer.concat([Buffer.from('中'.repeat(40_000)), GB]);
  await expect(read(mixed, 65_536)).rejects.toThrow('invalid/unreadable-file');
});

it.each([
  ['what is text in neither', Buffer.from([0x61, 0xff, 0xff, 0x80, 0x0a])],
  ['NUL', Buffer.from('a,b\0c')],
  ['UTF-16', Buffer.from('\ufeffcode,name', 'utf16le')],
])('refuses %s', async (_what, bytes) => {
  await expect(read(bytes)).rejects.toThrow('invalid/unreadable-file');
});

it('says of a spreadsheet that it is one', async () => {
  await expect(read(Buffer.from('504b0304140006000800', 'hex'))).rejects.toThrow('spreadsheet-not-supported');
  await expect(read(Buffer.from('504b0304140006000800', 'hex'), 2)).rejects.toThrow('spreadsheet-not-supported');
  await expect(read(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).rejects.toThrow('spreadsheet-not-supported');
});

it('reads nothing from nothing', async () => {
  expect(await read(Buffer.alloc(0))).toBe('');
});

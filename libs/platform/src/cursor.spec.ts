import { byDateAndId, byText, decodeCursor, encodeCursor, pageOf } from './cursor.js';

const ID = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';

const binding = { actorId: 'a', filter: { q: '中兴', limit: 50, cursor: undefined } };

it('finds its place again, also with another page size', () => {
  const cursor = encodeCursor(binding, ['2024-01-31', ID]);
  expect(decodeCursor({ actorId: 'a', filter: { q: '中兴', limit: 200, cursor } }, cursor, byDateAndId)).toEqual([
    '2024-01-31',
    ID,
  ]);
});

it.each([
  ['another actor', { ...binding, actorId: 'b' }],
  ['another filter', { actorId: 'a', filter: { q: '华为' } }],
])('is refused from %s', (_who, other) => {
  const cursor = encodeCursor(binding, ['x']);
  expect(() => decodeCursor(other, cursor, byText)).toThrow('invalid/validation');
});

it.each(['', 'AAAA', 'not base64 at all', Buffer.from('{"a":1}').toString('base64url')])('refuses %j', (cursor) => {
  expect(() => decodeCursor(binding, cursor, byText)).toThrow('invalid/validation');
});

it('ends with a null cursor', () => {
  expect(pageOf([1, 2, 3], 3, binding, (n) => [String(n)])).toEqual({ items: [1, 2, 3], nextCursor: null });
  const page = pageOf([1, 2, 3], 2, binding, (n) => [String(n)]);
  expect(page.items).toEqual([1, 2]);
  expect(decodeCursor(binding, page.nextCursor ?? '', byText)).toEqual(['2']);
});

it.each([
  ['a date that is none', ['2024-02-30', ID]],
  ['an id that is none', ['2024-01-31', 'x']],
  ['too little', ['2024-01-31']],
])('refuses %s, however well it is made up otherwise', (_what, position) => {
  expect(() => decodeCursor(binding, encodeCursor(binding, position), byDateAndId)).toThrow('invalid/validation');
});

import { decodeCursor, encodeCursor, pageOf } from './cursor.js';

const binding = { actorId: 'a', filter: { q: '中兴', limit: 50, cursor: undefined } };

it('finds its place again, also with another page size', () => {
  const cursor = encodeCursor(binding, ['2024-01-31', 'id']);
  expect(decodeCursor({ actorId: 'a', filter: { q: '中兴', limit: 200, cursor } }, cursor)).toEqual([
    '2024-01-31',
    'id',
  ]);
});

it.each([
  ['another actor', { ...binding, actorId: 'b' }],
  ['another filter', { actorId: 'a', filter: { q: '华为' } }],
])('is refused from %s', (_who, other) => {
  const cursor = encodeCursor(binding, ['x']);
  expect(() => decodeCursor(other, cursor)).toThrow('invalid/validation');
});

it.each(['', 'AAAA', 'not base64 at all', Buffer.from('{"a":1}').toString('base64url')])('refuses %j', (cursor) => {
  expect(() => decodeCursor(binding, cursor)).toThrow('invalid/validation');
});

it('ends with a null cursor', () => {
  expect(pageOf([1, 2, 3], 3, binding, (n) => [n])).toEqual({ items: [1, 2, 3], nextCursor: null });
  const page = pageOf([1, 2, 3], 2, binding, (n) => [n]);
  expect(page.items).toEqual([1, 2]);
  expect(decodeCursor(binding, page.nextCursor ?? '')).toEqual([2]);
});

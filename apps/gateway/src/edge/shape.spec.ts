import { z } from 'zod';
import { repeated } from '#contracts/common';
import { bodyFaults, parseJson, queryFaults } from './shape.js';

const schema = z.strictObject({
  name: z.string().min(1),
  lines: z.array(z.strictObject({ price: z.string() })).optional(),
});

it('points at every wrong field [A2]', () => {
  const faults = bodyFaults(schema, { name: 1, lines: [{ price: '1' }, { 'a/b': 1 }], colour: 'red' });
  expect(faults.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/name', 'invalid-type'],
    ['/lines/1/price', 'required'],
    ['/lines/1/a~1b', 'unknown-field'],
    ['/colour', 'unknown-field'],
  ]);
});

it('names no more than a hundred of them', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]));
  expect(bodyFaults(schema, { name: 'x', ...many })).toHaveLength(100);
});

it('names query parameters, and refuses repeated ones', () => {
  const query = z.strictObject({ q: z.string().optional(), limit: z.coerce.number().max(200).optional() });
  expect(queryFaults(query, { limit: '500', x: '1' }).map(({ pointer }) => pointer)).toEqual(['?limit', '?x']);
  expect(queryFaults(query, { q: ['a', 'b'] })).toEqual([
    { pointer: '?q', code: 'repeated', message: 'May be given only once' },
  ]);
  expect(queryFaults(query, { limit: '20' })).toEqual([]);
});

it('takes a parameter more than once where a list is meant', () => {
  const query = z.strictObject({ id: repeated(z.uuid(), 2).optional() });
  const id = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
  for (const given of [id, [id, id]]) expect(queryFaults(query, { id: given })).toEqual([]);
  for (const given of ['x', [id, 'x'], [id, id, id]]) expect(queryFaults(query, { id: given })).toHaveLength(1);
  expect(query.parse({ id })).toEqual({ id: [id] });
});

describe('JSON bodies', () => {
  it.each(['{', '{"__proto__":{"admin":true}}', '{"a":{"constructor":{"prototype":{}}}}', '{"a":1}x', '\ufeff'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(Buffer.from(text))).toThrow('invalid/malformed-json');
    },
  );

  it('refuses what is not UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xd6, 0xd0, 0x22]))).toThrow('invalid/malformed-json');
  });

  it('takes no body for an empty one, and the plain word constructor for a word', () => {
    expect(parseJson(undefined)).toEqual({});
    expect(parseJson(Buffer.from('{"constructor":"x"}'))).toEqual({ constructor: 'x' });
  });
});

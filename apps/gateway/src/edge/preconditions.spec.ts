import { parseIdempotencyKey, parseIfMatch, parseTraceparent } from './preconditions.js';

describe('If-Match', () => {
  it.each([
    ['"3"', 3],
    [' "12" ', 12],
    ['*', '*'],
    [undefined, undefined],
  ])('%s names %s', (header, version) => {
    expect(parseIfMatch(header)).toBe(version);
  });

  it.each(['3', 'W/"3"', '"0"', '"03"', '"-1"', '"a"', '"1", "2"', '""', '', '"1e3"', '"99999999999999999999"'])(
    '%s is refused',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow('invalid/if-match-malformed');
    },
  );
});

describe('Idempotency-Key', () => {
  it.each(['a', 'order 17', '8e03978e-40d5-43dd-bc93-6894a57f9324', 'x'.repeat(200)])('takes %s', (key) => {
    expect(parseIdempotencyKey(key)).toBe(key);
  });

  it.each(['', ' ', 'x'.repeat(201), 'ä', 'a\tb', ' a'])('refuses %j', (key) => {
    expect(() => parseIdempotencyKey(key)).toThrow('invalid/idempotency-key-malformed');
  });
});

describe('traceparent', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('passes a well-formed one', () => {
    expect(parseTraceparent(trace)).toBe(trace);
  });

  it.each([
    undefined,
    'x',
    trace.toUpperCase(),
    `${trace}-more`,
    trace.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  ])('drops %s', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { fold } from './fold.js';

describe('fold', () => {
  it.each([
    ['中興', '中兴'],
    ['ＡＢＣ－１', 'abc-1'],
    [' Inv-01 ', 'inv-01'],
    ['服務', '服务'],
  ])('takes %s for %s', (one, other) => expect(fold(one)).toBe(fold(other)));

  it('tells different things apart', () => expect(fold('中兴')).not.toBe(fold('中心')));

  it('folds what is folded to itself', () => {
    const text = fc.string({ unit: fc.constantFrom(...'中興兴服務务裡里Ａa1 後后乾干隆-J\u030c') });
    fc.assert(fc.property(text, (value) => fold(fold(value)) === fold(value)));
    const further = Array.from({ length: 0xa000 - 0x3400 }, (_, at) => fold(String.fromCodePoint(0x3400 + at)));
    expect(further.filter((folded) => fold(folded) !== folded)).toEqual([]);
  });

  it('folds a part to a part', () => {
    const text = fc.string({ unit: fc.constantFrom(...'中興服務乾隆後面裡頭Ａ') });
    fc.assert(fc.property(text, text, text, (a, b, c) => fold(a + b + c).includes(fold(b))));
  });
});

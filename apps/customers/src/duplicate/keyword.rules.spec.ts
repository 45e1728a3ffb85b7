import fc from 'fast-check';
import { hintsFor } from './keyword.rules.js';

describe('a keyword', () => {
  it.each([
    ['深圳市中興通信股份有限公司', '中兴', 0, []],
    ['深圳市中興通信股份有限公司', '中', 0, ['keyword-too-short']],
    ['Acme Trading', 'AC', 0, ['keyword-too-short']],
    ['Acme Trading', 'ACM', 0, []],
    ['深圳市科技公司', '科技', 20, ['keyword-too-common']],
    ['深圳市科技公司', '科技', 19, []],
    ['深圳市中興通信股份有限公司', '深圳市中興通信股份', 0, ['keyword-too-long']],
    ['深圳市中興通信股份有限公司', '深圳市中興通信股', 0, []],
    ['深圳市中興通信股份有限公司', 'ZTE', 0, ['keyword-not-in-name']],
    ['中興', '華', 99, ['keyword-too-short', 'keyword-too-common', 'keyword-not-in-name']],
  ])('of %s that is %s, in %i other names: %j [C15]', (name, keyword, count, hints) => {
    expect(hintsFor({ name, keyword }, count)).toEqual(hints);
  });

  it('is never both too short and too long, and is found in a name that has it [C15]', () => {
    const text = fc.string({ unit: fc.constantFrom(...'中興兴通信aBｃ１ -（'), minLength: 1 });
    fc.assert(
      fc.property(text, text, text, fc.nat(1_000), (before, keyword, after, count) => {
        const hints = hintsFor({ name: before + keyword + after, keyword }, count);
        return !(hints.includes('keyword-too-short') && hints.includes('keyword-too-long'));
      }),
    );
  });
});

import fc from 'fast-check';
import { coreOf, fold, foldKeyword, gramsOf, probeGramsOf, substringsOf } from './folding.rules.js';
import { isRenamed } from './names.rules.js';

const han = fc.constantFrom(...Array.from('中興兴國国臺台萬万通信科技有限公司深圳市'));
const name = fc
  .array(fc.oneof(han, fc.constantFrom(...'aAbB12 .-（）')), { minLength: 1, maxLength: 20 })
  .map((c) => c.join(''));

describe('folding', () => {
  it.each([
    ['中興', '中兴'],
    ['ＺＴＥ　（中興）', 'zte中兴'],
    ['Acme  Co., Ltd.', 'acmecoltd'],
    ['臺灣積體電路', '台湾积体电路'],
    ['「上海」·世紀－聯華', '上海世纪联华'],
    ['！？', '!?'],
  ])('%s → %s', (text, folded) => expect(fold(text)).toBe(folded));

  it('folds a folded name to itself, and never to nothing', () => {
    fc.assert(fc.property(name, (text) => fold(fold(text)) === fold(text)));
    fc.assert(fc.property(name, (text) => text.trim() === '' || fold(text) !== ''));
  });

  it('sees a keyword in a name wherever the name has it [C13]', () => {
    const whole = fc.tuple(name, fc.array(han, { minLength: 1, maxLength: 4 }), name);
    fc.assert(
      fc.property(whole, ([before, keyword, after]) =>
        substringsOf(fold(before + keyword.join('') + after)).includes(foldKeyword(keyword.join(''))),
      ),
    );
  });

  it('cuts a keyword that grows beyond what is probed', () => {
    expect(Array.from(foldKeyword('㍿'.repeat(60)))).toHaveLength(60);
    expect(substringsOf(fold('㍿'.repeat(60)))).toContain(foldKeyword('㍿'.repeat(60)));
  });
});

describe('what is looked for in an index', () => {
  it('is every part of a name, once, and no longer than a keyword may be', () => {
    expect(substringsOf('abab').sort()).toEqual(['a', 'ab', 'aba', 'abab', 'b', 'ba', 'bab']);
    expect(substringsOf('a'.repeat(200))).toHaveLength(60);
    expect(substringsOf('𠮷a')).toEqual(['𠮷', '𠮷a', 'a']);
  });

  it('finds all texts that contain it: whatever a part needs, the whole has', () => {
    fc.assert(
      fc.property(name, name, name, (before, part, after) => {
        const grams = new Set(gramsOf(before + part + after));
        return probeGramsOf(part).every((gram) => grams.has(gram));
      }),
    );
  });

  it('is pairs where there are any', () => {
    expect(probeGramsOf('中兴')).toEqual(['中兴']);
    expect(probeGramsOf('中')).toEqual(['中']);
    expect(gramsOf('中兴', '0755')).toEqual(['中', '中兴', '兴', '0', '07', '7', '75', '5', '55']);
  });
});

describe('the core of a name', () => {
  it.each([
    ['深圳市中興通信股份有限公司', '中兴通信'],
    ['广东省深圳市中兴通信有限公司', '中兴通信'],
    ['中興通信', '中兴通信'],
    ['Acme Trading Co., Ltd.', 'acmetrading'],
    ['ACME TRADING LIMITED', 'acmetrading'],
    ['Acme Trading Inc', 'acmetrading'],
    ['内蒙古自治区伊利实业集团股份有限公司', '伊利实业'],
    ['好又多超市', '好又多超市'],
    ['上海公司', '上海'],
    ['中興通信（深圳）有限公司', '中兴通信'],
    ['中興通信(中国)有限公司', '中兴通信'],
    ['（深圳）', '深圳'],
    ['深圳市前海方舟资本合伙企业（有限合伙）', '前海方舟资本'],
    ['Acme Trading Pte. Ltd.', 'acmetrading'],
    ['Acme Trading Sdn. Bhd.', 'acmetrading'],
    ['Cisco', 'cisco'],
  ])('%s → %s', (given, core) => expect(coreOf(given)).toBe(core));

  it('is the same whatever region and legal form a name has around it [C14]', () => {
    const around = fc.tuple(
      fc.constantFrom('', '深圳市', '上海', '广东省', '廣東省深圳市', '中国'),
      fc.constantFrom('', '有限公司', '股份有限公司', '（上海）有限公司', '集團有限公司', ' Co., Ltd.'),
    );
    const telling = fc.array(fc.constantFrom(...'兴萬台通信科技'), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(telling, around, (name, [region, form]) => {
        expect(coreOf(region + name.join('') + form)).toBe(coreOf(name.join('')));
      }),
    );
  });

  it('is never empty', () => {
    fc.assert(fc.property(name, (text) => text.trim() === '' || coreOf(text) !== ''));
  });
});

it('asks for another check only when something that counts was renamed', () => {
  const before = { id: '1', name: '中興通信', keyword: '中興' };
  expect(isRenamed(before, { ...before, name: '中兴 通信', keyword: '中兴' })).toBe(false);
  expect(isRenamed(before, { ...before, keyword: '通信' })).toBe(true);
});

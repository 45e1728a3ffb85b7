import { negotiateLanguage } from './language.js';

const negotiate = (header?: string) => negotiateLanguage(header, 'zh-Hans');

it.each([
  [undefined, 'zh-Hans'],
  ['', 'zh-Hans'],
  ['*', 'zh-Hans'],
  ['fr', 'zh-Hans'],
  ['en-GB', 'en'],
  ['zh', 'zh-Hans'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
  ['zh-TW', 'zh-Hant'],
  ['zh-HK;q=0.9, en;q=0.1', 'zh-Hant'],
  ['zh-Hans-HK', 'zh-Hans'],
  ['ZH-HANT', 'zh-Hant'],
  ['fr, en;q=0.5, zh-TW;q=0.7', 'zh-Hant'],
  ['en;q=0, zh-TW;q=0.1', 'zh-Hant'],
  ['en;q=nonsense', 'zh-Hans'],
])('%s is answered in %s', (header, language) => {
  expect(negotiate(header)).toBe(language);
});

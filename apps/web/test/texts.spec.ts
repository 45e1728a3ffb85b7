import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '../src/texts/en/index.js';
import { texts as hans } from '../src/texts/zh-hans/index.js';
import { texts as hant } from '../src/texts/zh-hant/index.js';

type Tree = { [key: string]: string | Tree };

const flat = (tree: Tree, before = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`),
  );
const english = new Map(flat(en));
const gaps = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

const sources = readdirSync(join(import.meta.dirname, '../src'), { recursive: true, withFileTypes: true })
  .filter(({ name, parentPath }) => /\.tsx?$/.test(name) && !/spec|texts/.test(`${parentPath}/${name}`))
  .map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8'))
  .join('\n');

describe.each([
  ['simplified', hans],
  ['traditional', hant],
])('in %s characters [W13]', (_name, texts) => {
  const chinese = new Map(flat(texts));

  it('everything is said, and nothing else', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('each text has the gaps of the English one', () => {
    const differing = [...english].filter(([key, text]) => gaps(text).join() !== gaps(chinese.get(key) ?? '').join());
    expect(differing).toEqual([]);
  });
});

it('every text is used somewhere [W13]', () => {
  const literals = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key));
  const patterns = [...sources.matchAll(/`([\w.-]*\.)\$\{[^`]+?\}([\w.-]*)`/g)].map(
    ([, before = '', after = '']) => [before, after] as const,
  );
  const used = (key: string) =>
    literals.has(key) || patterns.some(([before, after]) => key.startsWith(before) && key.endsWith(after));
  expect([...english.keys()].filter((key) => !used(key))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_STATUS } from '#contracts/errors';
import { FAULTS } from './faults.js';
import { MESSAGES } from './messages.js';

/** Of internal errors callers learn no more than that. */
const KIND = Object.keys(ERROR_STATUS)
  .filter((kind) => kind !== 'internal')
  .join('|');
/** How code throws an error, and how a comment tells of it. */
const NAMED = [
  new RegExp(String.raw`new AppError\(\s*'(?:${KIND})',\s*'([^']+)'`, 'g'),
  new RegExp(String.raw`\b(?:forbidden|ruleViolated)\(\s*'([^']+)'`, 'g'),
  new RegExp(String.raw`\b(?:${KIND})/([a-z]+(?:-[a-z]+)*)\b`, 'g'),
  // Slugs that a caller hands on.
  /\bslugs[^\n]*?disabled: '([^']+)'/g,
  /\bslugs[^\n]*?role: '([^']+)'/g,
];

/** How code tells what is wrong with a field, or with a row. */
const FAULTY = [
  /\bpointer(?:: [^\n,]*)?,\s*code: '([^']+)'/g,
  /\b(?:fieldFault|rowFault|refuse|faulty|wholeFault)\([^\n]*?'([a-z]+(?:-[a-z]+)+)'/g,
];
/** What the schemas themselves find, and how `fieldFaults` names it. */
const OF_SCHEMAS = [
  ...['required', 'unknown-field', 'invalid-type', 'invalid-value', 'invalid-format', 'invalid-union', 'invalid-key'],
  ...['invalid-element', 'not-multiple-of', 'too-small', 'too-big', 'custom'],
];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(int-)?spec\.ts$/.test(file) && !/(^|\/)(test|web)\//.test(file))
    .map((file) => join(folder, file));
}

const slugs = new Map<string, string>();
const faults = new Set(OF_SCHEMAS);
for (const file of [...sources('apps'), ...sources('libs')]) {
  const source = readFileSync(file, 'utf8');
  for (const pattern of NAMED) for (const [, slug] of source.matchAll(pattern)) slugs.set(slug as string, file);
  for (const pattern of FAULTY) for (const [, code] of source.matchAll(pattern)) faults.add(code as string);
}

it.each(['zh-Hans', 'zh-Hant', 'en'] as const)('says every error of every service in %s', (language) => {
  const silent = [...slugs].filter(([slug]) => !(slug in MESSAGES[language]));
  expect(silent).toEqual([]);
  expect(slugs.size).toBeGreaterThan(50);
});

it.each(['zh-Hans', 'zh-Hant'] as const)('says in %s what is wrong with a field or a row', (language) => {
  const said = { ...MESSAGES[language], ...FAULTS[language] };
  expect([...faults].filter((code) => !(code in said))).toEqual([]);
  expect(faults.size).toBeGreaterThan(35);
});

it('says every kind', () => {
  for (const kind of Object.keys(ERROR_STATUS)) expect(MESSAGES.en).toHaveProperty([kind]);
});

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const mutations = JSON.parse(readFileSync(join(root, 'test/mutations.json'), 'utf8')) as Record<
  'name' | 'file' | 'from' | 'to' | 'suite',
  string
>[];

it.each(mutations)('what breaks the code on purpose still finds its place: $name', ({ file, from, to, suite }) => {
  expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  const beginsLike = (name: string) => join(dirname(suite), name).startsWith(suite);
  expect(existsSync(join(root, suite)) || readdirSync(join(root, dirname(suite))).some(beginsLike)).toBe(true);
});

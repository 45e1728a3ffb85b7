// docs/specification.md: the lines of the specification, each with the tests that name its id in their titles.
// `--check` fails when the page isn't in step, when a line has no test, or when a test names a line that isn't there.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/specification.md');
const lines = JSON.parse(readFileSync(join(root, 'docs/specification.json'), 'utf8'));

const found = ['apps', 'libs', 'test'].flatMap(specsBelow).flatMap(titlesOf);
const faults = [
  ...found
    .filter(({ id }) => !lines.some((line) => line.id === id))
    .map(({ id, file }) => `${file} names ${id}: no line`),
  ...lines
    .filter(({ id }) => !found.some((test) => test.id === id))
    .map(({ id, text }) => `${id} has no test: ${text}`),
];
const wanted = table();

if (process.argv.includes('--check')) {
  const standing = readFileSync(page, { encoding: 'utf8', flag: 'a+' });
  if (standing !== wanted) faults.push('docs/specification.md is not in step: npm run specification');
  process.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
  process.exitCode = faults.length === 0 ? 0 : 1;
} else {
  writeFileSync(page, wanted);
  process.stdout.write([`${lines.length} lines, ${found.length} tests`, ...faults, ''].join('\n'));
}

function specsBelow(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => /spec\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** A title is read with those around it: `purchases › are saved together [S8]`. */
function titlesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const titles = [];
  const visit = (node, around) => {
    const title =
      ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText(source)) && node.arguments[0];
    const path = title && ts.isStringLiteralLike(title) ? [...around, title.text] : around;
    if (path !== around) {
      const ids = /\[((?:[A-Z]\d+)(?:, [A-Z]\d+)*)\]/.exec(title.text)?.[1]?.split(', ') ?? [];
      const name = path.map((part) => part.replace(/ ?\[[A-Z\d, ]+\]/, '')).join(' › ');
      for (const id of ids) titles.push({ id, name, file });
    }
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, []);
  return titles;
}

function table() {
  const sections = [...new Set(lines.map(({ section }) => section))].map((section) => {
    const rows = lines.filter((line) => line.section === section).map(row);
    return `## ${section}\n\n| | line | shown by |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const head =
    '# What the system does, and which test shows it\n\n' +
    'Made by `npm run specification` from `docs/specification.json` and the titles of the tests. ● is from the original.\n';
  return [head, ...sections].join('\n');
}

function row({ id, text, original }) {
  const tests = found.filter((test) => test.id === id);
  const shown = tests.map(({ name, file }) => `[${name.replaceAll('|', '\\|')}](../${file})`);
  return `| ${id} | ${original ? '● ' : ''}${text} | ${shown.join('<br>')} |`;
}

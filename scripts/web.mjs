// Builds the web app into dist/web, with compressed twins of its files, and fails when the first page gets too heavy.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const output = join(root, 'dist/web');
/** Of the scripts that the sign-in page and the main screen load first, gzipped, in bytes. */
const FIRST_LOAD = 350_000;
const FIRST_PAGES = [
  'index.html',
  'src/app/Shell.tsx',
  'src/features/customer/CustomersPage.tsx',
  'src/texts/zh-hans/index.ts',
];

const vite = join(root, 'node_modules/vite/bin/vite.js');
const { status } = spawnSync(
  process.execPath,
  [vite, 'build', join(root, 'apps/web'), '--config', join(root, 'apps/web/vite.config.mjs'), '--logLevel', 'warn'],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(1);

for (const name of readdirSync(join(output, 'assets'))) {
  const bytes = readFileSync(join(output, 'assets', name));
  if (bytes.length < 1_000) continue;
  writeFileSync(join(output, 'assets', `${name}.gz`), gzipSync(bytes, { level: 9 }));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  writeFileSync(join(output, 'assets', `${name}.br`), brotliCompressSync(bytes, quality));
}

const manifest = JSON.parse(readFileSync(join(output, '.vite/manifest.json'), 'utf8'));
const needed = new Set();
const need = (key) => {
  const { file, imports = [] } = manifest[key] ?? {};
  if (!file || needed.has(file)) return;
  needed.add(file);
  imports.forEach(need);
};
FIRST_PAGES.forEach((page) => {
  if (!manifest[page]) throw new Error(`${page} is not in the manifest`);
  need(page);
});
const size = [...needed].reduce(
  (sum, file) => sum + gzipSync(readFileSync(join(output, file)), { level: 9 }).length,
  0,
);
process.stdout.write(`  the first page loads ${Math.round(size / 1_000)} kB of scripts\n`);
if (size > FIRST_LOAD) {
  process.stderr.write(`That is more than ${FIRST_LOAD / 1_000} kB: load later what the first page doesn't show.\n`);
  process.exit(1);
}

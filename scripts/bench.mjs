// `npm run bench`: sets up what is missing, then measures the product beside a bare server. `npm run bench:reminders`
// (`bench.mjs reminder-scale`) shows how reminder processing scales, and `npm run bench:exports` (`bench.mjs exports`)
// what long files take of memory. See docs/performance.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';

await installDependencies();
await build();
const given = process.argv.slice(2);
const name = ['reminder-scale', 'exports'].includes(given[0]) ? given.shift() : 'main';
const main = join(import.meta.dirname, `../bench/${name}.ts`);
const bench = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main, ...given], {
  stdio: 'inherit',
});
// The terminal's Ctrl-C reaches it too; it stops what it has started.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => bench.kill('SIGTERM'));
bench.once('exit', (code) => (process.exitCode = code ?? 1));

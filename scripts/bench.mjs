// `npm run bench`: sets up what is missing, then measures the product beside a bare server. `npm run bench:reminders`
// (`bench.mjs reminder-scale`) shows how reminder processing scales, and `npm run bench:exports` (`bench.mjs exports`)
// what long files take of memory. See docs/performance.md.
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { runProgram } from './program.mjs';

await installDependencies();
await build();
const given = process.argv.slice(2);
const name = ['reminder-scale', 'exports'].includes(given[0]) ? given.shift() : 'main';
runProgram(`bench/${name}.ts`, given);

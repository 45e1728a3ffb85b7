// `npm start` on a machine that has Node and nothing else: installs, builds, and hands over to the supervisor.
// Only what Node itself brings may be used here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const fail = (message) => {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || major > 24) {
  fail(`This is Node ${process.versions.node}; Node 20.19 to 24 is needed.\n  Get one from https://nodejs.org/`);
}

// Loaded only now: an older Node would stumble over them before it could say so.
const { installDependencies, InstallError } = await import('./dependencies.mjs');
const { build, BuildError } = await import('./build.mjs');
try {
  await installDependencies();
  await build();
} catch (error) {
  if (error instanceof InstallError || error instanceof BuildError) fail(error.message);
  if (error?.code === 'ENOSPC') fail(`The disk is full (${error.message}).\n  Free some space and start again.`);
  if (error?.code === 'EACCES' || error?.code === 'EROFS') {
    fail(`${error.message}\n  Start as the user whom this folder belongs to.`);
  }
  throw error;
}

const supervisor = join(import.meta.dirname, '../dist/libs/embedded/src/main.js');
if (!existsSync(supervisor)) fail(`${supervisor} is missing.\n  Build again: npm run build`);
await import(pathToFileURL(supervisor).href);

// Finds the browser that the tests of the web app use, and gets one where it is missing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium; undefined, with word of what to do, if there is none and none can be had. */
export function provideBrowser() {
  const found = findBrowser();
  if (found && hasChineseFont()) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('installing Chromium and Chinese fonts (apt-get) …\n');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']);
  } else if (!found) {
    process.stdout.write('fetching Chromium …\n');
    run(process.execPath, [join(import.meta.dirname, '../node_modules/playwright-core/cli.js'), 'install', 'chromium']);
  }
  return findBrowser() ?? fetched();
}

function findBrowser() {
  const given = process.env.CHROMIUM_PATH;
  const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name)));
  return [...(given ? [given] : []), ...inPath, ...FIXED].find(isExecutable);
}

/** What playwright itself has fetched. */
function fetched() {
  const script = "import('playwright-core').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const { stdout = '' } = spawnSync(process.execPath, ['-e', script], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });
  if (stdout && isExecutable(stdout)) return stdout;
  process.stderr.write(
    'There is no Chromium for the tests of the web app, and none can be fetched.\n' +
      '  Install one (Debian: apt-get install chromium fonts-noto-cjk), or name it in CHROMIUM_PATH.\n',
  );
  return undefined;
}

function hasChineseFont() {
  if (process.platform !== 'linux') return true;
  const { status, stdout } = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  // Without fc-list nobody can tell; the screens are then merely ugly.
  return status !== 0 || stdout.trim() !== '';
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const run = (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });

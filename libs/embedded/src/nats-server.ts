import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fetchNatsFromDebian } from './nats-debian.js';
import { NATS_RELEASE, fetchNatsRelease, natsPlatform, type NatsRelease } from './nats-release.js';
import { NATS_MINIMUM, natsVersionOf, suffices } from './nats-version.js';
import { SetupError, reasonOf } from './setup-error.js';

export interface NatsBinary {
  path: string;
  version: string;
}

export interface FindNatsOptions {
  cacheDir: string;
  env?: NodeJS.ProcessEnv;
  report?: (line: string) => void;
  /** Where the official release comes from, and its checksums. */
  release?: NatsRelease;
  fromDebian?: (target: string) => Promise<void>;
}

/** A nats-server that is new enough: on the PATH, in the cache, the official release, or Debian testing's package. */
export async function findNatsServer(options: FindNatsOptions): Promise<NatsBinary> {
  const { cacheDir, env = process.env, report = () => {}, release = NATS_RELEASE } = options;
  const { fromDebian = fetchNatsFromDebian } = options;
  const tried: string[] = [];
  const shelf = join(cacheDir, 'nats-server');

  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const installed = onPath.map((dir) => join(dir, 'nats-server')).find((file) => existsSync(file));
  if (!installed) tried.push('PATH: no nats-server there');
  else {
    const fit = await check(installed).catch((error: unknown) => void tried.push(`PATH: ${reasonOf(error)}`));
    if (fit) return fit;
  }

  const cached = await fromShelf(shelf);
  if (cached) return cached;
  tried.push(`cache: nothing fit in ${shelf}`);

  const sources: [name: string, fetch: (target: string) => Promise<void>][] = [
    ['official release', (target) => fetchNatsRelease(target, release)],
    ['Debian', fromDebian],
  ];
  for (const [name, fetch] of sources) {
    report(`fetching nats-server (${name}) …`);
    try {
      return await toShelf(shelf, fetch);
    } catch (error) {
      tried.push(`${name}: ${reasonOf(error)}`);
    }
  }
  throw new SetupError(
    `There is no NATS server to be had. Tried in this order:\n${tried.map((line) => `  - ${line}`).join('\n')}`,
    `Install nats-server ${NATS_MINIMUM} or newer on the PATH, or set NATS_URL to a server that runs elsewhere.`,
  );
}

async function check(path: string): Promise<NatsBinary> {
  const version = await natsVersionOf(path);
  if (!suffices(version)) throw new Error(`${path} is version ${version}, older than ${NATS_MINIMUM}`);
  return { path, version };
}

const entryName = (version: string) => `${version}-${natsPlatform()}`;

async function fromShelf(shelf: string): Promise<NatsBinary | undefined> {
  const entries = await readdir(shelf).catch(() => []);
  // A folder that is still being filled begins with a dot.
  for (const entry of entries.filter((name) => !name.startsWith('.') && name.endsWith(natsPlatform())).reverse()) {
    const fit = await check(join(shelf, entry, 'nats-server')).catch(() => undefined);
    if (fit) return fit;
  }
  return undefined;
}

/** Fetches aside and moves the finished folder into place, so that fetches at the same time don't disturb each other. */
async function toShelf(shelf: string, fetch: (target: string) => Promise<void>): Promise<NatsBinary> {
  const aside = join(shelf, `.${randomUUID()}`);
  try {
    await mkdir(aside, { recursive: true });
    await fetch(aside);
    const { version } = await check(join(aside, 'nats-server'));
    const place = join(shelf, entryName(version));
    const fit = { path: join(place, 'nats-server'), version };
    try {
      await rename(aside, place);
    } catch (error) {
      // Somebody else was faster, or what stands there is broken: only the former is fine.
      if (await check(fit.path).catch(() => undefined)) return fit;
      await rm(place, { recursive: true, force: true });
      await rename(aside, place).catch(() => Promise.reject(error as Error));
    }
    return fit;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { debianArchives } from '../src/nats-debian.js';
import { natsPlatform, type NatsRelease } from '../src/nats-release.js';
import { findNatsServer } from '../src/nats-server.js';
import { suffices } from '../src/nats-version.js';
import { tempDir } from './temp-dir.js';

/** A program that tells a version, as nats-server does. */
function fakeServer(dir: string, version: string): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'nats-server');
  writeFileSync(file, `#!/bin/sh\necho "nats-server: v${version}"\n`, { mode: 0o755 });
  return file;
}

describe('finding a NATS server', () => {
  const stem = `nats-server-v2.15.0-${natsPlatform()}`;
  let releases: Server;
  let release: NatsRelease;
  let downloads = 0;

  beforeAll(async () => {
    const dir = tempDir();
    fakeServer(join(dir, stem), '2.15.0');
    execFileSync('tar', ['-czf', join(dir, 'archive'), '-C', dir, stem]);
    const archive = readFileSync(join(dir, 'archive'));
    releases = createServer((request, response) => {
      downloads += 1;
      if (request.url === `/${stem}.tar.gz`) response.end(archive);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => releases.listen(0, '127.0.0.1', resolve));
    const { port } = releases.address() as AddressInfo;
    const sha256 = createHash('sha256').update(archive).digest('hex');
    release = { version: '2.15.0', baseUrl: `http://127.0.0.1:${port}`, sha256: { [natsPlatform()]: sha256 } };
  });
  afterAll(() => {
    releases.closeAllConnections();
    releases.close();
  });
  beforeEach(() => (downloads = 0));

  const noDebian = () => Promise.reject(new Error('no mirror here'));
  const find = (cacheDir: string, PATH = '', more: Partial<Parameters<typeof findNatsServer>[0]> = {}) =>
    findNatsServer({ cacheDir, env: { PATH }, release, fromDebian: noDebian, ...more });

  it('takes the one on the PATH when it is new enough', async () => {
    const bin = tempDir();
    const path = fakeServer(bin, '2.12.0');
    expect(await find(tempDir(), `/nowhere:${bin}`)).toEqual({ path, version: '2.12.0' });
    expect(downloads).toBe(0);
  });

  it('passes over one on the PATH that is too old, fetches the release, and then has it in the cache', async () => {
    const [bin, cache] = [tempDir(), tempDir()];
    fakeServer(bin, '2.11.9');
    const path = join(cache, 'nats-server', `2.15.0-${natsPlatform()}`, 'nats-server');
    expect(await find(cache, bin)).toEqual({ path, version: '2.15.0' });
    expect(await find(cache, bin)).toEqual({ path, version: '2.15.0' });
    expect(downloads).toBe(1);
  });

  it('lets several fetch at once, and leaves nothing half made', async () => {
    const cache = tempDir();
    const found = await Promise.all([find(cache), find(cache), find(cache)]);
    expect(new Set(found.map(({ path }) => path)).size).toBe(1);
    expect(readdirSync(join(cache, 'nats-server'))).toEqual([`2.15.0-${natsPlatform()}`]);
  });

  it('refuses a release with another checksum, and goes on to Debian', async () => {
    const cache = tempDir();
    const forged = { ...release, sha256: { [natsPlatform()]: '0'.repeat(64) } };
    const fromDebian = async (target: string) => void fakeServer(target, '2.15.1');
    expect(await find(cache, '', { release: forged, fromDebian })).toMatchObject({ version: '2.15.1' });
    expect(readdirSync(join(cache, 'nats-server'))).toEqual([`2.15.1-${natsPlatform()}`]);
  });

  it('replaces a cached copy that does not run', async () => {
    const cache = tempDir();
    const broken = join(cache, 'nats-server', `2.15.0-${natsPlatform()}`);
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'nats-server'), 'cut off');
    expect(await find(cache)).toMatchObject({ version: '2.15.0' });
    expect(downloads).toBe(1);
  });

  it('names each source and its reason when there is none to be had, and the way out', async () => {
    const bin = tempDir();
    const old = fakeServer(bin, '2.10.22');
    const gone = { ...release, version: '2.99.0' };
    const failure = find(tempDir(), bin, { release: gone });
    await expect(failure).rejects.toThrow('There is no NATS server to be had.');
    await expect(failure).rejects.toThrow(`PATH: ${old} is version 2.10.22, older than 2.12.0`);
    await expect(failure).rejects.toThrow(
      /official release: http:\/\/127.0.0.1:\d+\/nats-server-v2.99.0-\S+: answered 404/,
    );
    await expect(failure).rejects.toThrow('Debian: no mirror here');
    await expect(failure).rejects.toThrow('Install nats-server 2.12.0 or newer on the PATH, or set NATS_URL');
  });

  it('never trusts a release for a platform that is not pinned', async () => {
    await expect(find(tempDir(), '', { release: { ...release, sha256: {} } })).rejects.toThrow(
      'no release is pinned for',
    );
  });
});

it.each([
  ['2.12.0', true],
  ['2.15.1', true],
  ['3.0.0', true],
  ['2.12.0-RC.3', false],
  ['2.12.1-RC.3', true],
  ['2.9.25', false],
  ['1.99.0', false],
])('%s suffices: %s', (version, answer) => {
  expect(suffices(version)).toBe(answer);
});

it("knows the machine's Debian archives from both forms of apt's sources", () => {
  const etc = tempDir();
  mkdirSync(join(etc, 'sources.list.d'));
  const one = [
    '# deb http://commented.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/keys/one.gpg] http://one.example/debian bookworm main contrib # ours',
    'deb http://one.example/debian bookworm-updates main',
    'deb-src http://source.example/debian bookworm main',
    'deb http://one.example/debian-security bookworm-security main',
    'deb http://tool.example/repo stable tool',
  ];
  writeFileSync(join(etc, 'sources.list'), one.join('\n'));
  const two = [
    'Types: deb deb-src',
    '# a note',
    'URIs: http://two.example/debian',
    'Suites: trixie',
    'Components: main',
    'Signed-By: /keys/two.gpg',
    '',
    'Types: deb',
    'URIs: http://off.example/debian',
    'Suites: trixie',
    'Components: main',
    'Enabled: no',
  ];
  writeFileSync(join(etc, 'sources.list.d/debian.sources'), two.join('\n'));
  writeFileSync(join(etc, 'sources.list.d/old.list.disabled'), one.join('\n').replaceAll('one', 'three'));
  expect(debianArchives(etc)).toEqual([
    { uri: 'http://one.example/debian', signedBy: '/keys/one.gpg' },
    { uri: 'http://two.example/debian', signedBy: '/keys/two.gpg' },
  ]);
});

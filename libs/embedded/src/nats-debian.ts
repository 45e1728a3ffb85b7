import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reasonOf } from './setup-error.js';

const run = promisify(execFile);
/** The Debian release whose nats-server is new enough; it is one static binary, so it runs on older Debians too. */
const SUITE = 'forky';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const APT_TIMEOUT = 120_000;

export interface DebianArchive {
  uri: string;
  signedBy?: string;
}

/** The Debian archives that this machine's apt is set up with; security archives hold no other release. */
export function debianArchives(etc = '/etc/apt'): DebianArchive[] {
  const parts = join(etc, 'sources.list.d');
  const files = [join(etc, 'sources.list')];
  if (existsSync(parts)) files.push(...readdirSync(parts).map((name) => join(parts, name)));
  const found = files.flatMap((file) => {
    if (!existsSync(file)) return [];
    if (file.endsWith('.list')) return fromOneLine(readFileSync(file, 'utf8'));
    return file.endsWith('.sources') ? fromDeb822(readFileSync(file, 'utf8')) : [];
  });
  const wanted = found.filter(({ uri, main }) => main && !/security|ubuntu/.test(uri));
  return wanted
    .filter(({ uri }, i) => wanted.findIndex((other) => other.uri === uri) === i)
    .map(({ uri, signedBy }) => ({ uri, signedBy }));
}

type Entry = DebianArchive & { main: boolean };

/** `deb [signed-by=/some/keyring] http://mirror/debian bookworm main` */
function fromOneLine(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+\S+\s+([^#]*)/.exec(line.trim());
    if (!match) return [];
    const [, options = '', uri = '', components = ''] = match;
    return [{ uri, main: /\bmain\b/.test(components), signedBy: keyring(/signed-by=(\S+)/.exec(options)?.[1]) }];
  });
}

/** Paragraphs of `Field: value`; see sources.list(5). */
function fromDeb822(text: string): Entry[] {
  const uncommented = text.replace(/^#.*\n/gm, '');
  return uncommented.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) =>
      new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(paragraph)?.[1]?.trim() ?? '';
    if (!/\bdeb\b(?!-)/.test(field('Types')) || /^no$/i.test(field('Enabled'))) return [];
    const main = /\bmain\b/.test(field('Components'));
    const uris = field('URIs').split(/\s+/).filter(Boolean);
    return uris.map((uri) => ({ uri, main, signedBy: keyring(field('Signed-By')) }));
  });
}

const keyring = (value?: string) => (value?.startsWith('/') ? value : undefined);

/**
 * Writes `<target>/nats-server` from Debian's package. apt runs with a configuration of its own: it needs no root,
 * installs nothing, and leaves the machine's package lists and status alone. Signatures are checked as always.
 */
export async function fetchNatsFromDebian(target: string, archives = debianArchives()): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) throw new Error('this machine has no apt-get');
  if (archives.length === 0) throw new Error("this machine's apt knows no Debian archive");
  const faults: string[] = [];
  for (const archive of archives) {
    try {
      return await unpackFrom(archive, target);
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      faults.push(`${archive.uri}: ${(stderr || reasonOf(error)).trim().replaceAll('\n', ' ')}`);
    }
  }
  throw new Error(faults.join('; '));
}

async function unpackFrom({ uri, signedBy }: DebianArchive, target: string): Promise<void> {
  const apt = join(target, 'apt');
  await rm(apt, { recursive: true, force: true });
  for (const dir of ['lists/partial', 'cache/archives/partial', 'debs', 'none', 'unpacked']) {
    await mkdir(join(apt, dir), { recursive: true });
  }
  const key = signedBy ?? (existsSync(KEYRING) ? KEYRING : undefined);
  await writeFile(join(apt, 'status'), '');
  await writeFile(join(apt, 'sources.list'), `deb ${key ? `[signed-by=${key}] ` : ''}${uri} ${SUITE} main\n`);
  await writeFile(join(apt, 'apt.conf'), configuration(apt));
  const env = { ...process.env, APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' };
  const options = { env, cwd: join(apt, 'debs'), timeout: APT_TIMEOUT };
  await run('apt-get', ['-qq', 'update'], options);
  await run('apt-get', ['-qq', 'download', 'nats-server'], options);
  const [deb] = await readdir(join(apt, 'debs'));
  if (!deb) throw new Error('apt-get downloaded nothing');
  await run('dpkg-deb', ['-x', join(apt, 'debs', deb), join(apt, 'unpacked')], options);
  await copyFile(join(apt, 'unpacked/usr/sbin/nats-server'), join(target, 'nats-server'));
  await chmod(join(target, 'nats-server'), 0o755);
  await rm(apt, { recursive: true });
}

const configuration = (apt: string) => `Dir::Etc::sourcelist "${apt}/sources.list";
Dir::Etc::sourceparts "${apt}/none";
Dir::Etc::preferences "${apt}/none/preferences";
Dir::Etc::preferencesparts "${apt}/none";
Dir::State::lists "${apt}/lists";
Dir::State::status "${apt}/status";
Dir::Cache "${apt}/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
`;

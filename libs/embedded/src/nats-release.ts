import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface NatsRelease {
  version: string;
  /** Folder that holds the release's archives. */
  baseUrl: string;
  /** SHA-256 of `nats-server-v<version>-<platform>.tar.gz`, by platform. */
  sha256: Readonly<Record<string, string>>;
}

/**
 * The official release. Its checksums are those of the release's own SHA256SUMS, as they also stand for Linux in the
 * Dockerfile of the official image (nats-io/nats-docker, 2.15.x/alpine3.22).
 */
export const NATS_RELEASE: NatsRelease = {
  version: '2.15.0',
  baseUrl: 'https://github.com/nats-io/nats-server/releases/download/v2.15.0',
  sha256: {
    'linux-amd64': '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
    'linux-arm64': 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
    'linux-arm7': 'ec5f4689d017e07cfa18442e10da051c0f3f9dd2e7f4dc7cdb55a11f1303c952',
    'linux-386': 'f572eccdbb35ab5c7fef7703a5b6ca49e55d039e441920ba5478972ecdcf7a47',
    'linux-ppc64le': 'a402bf73f91f674735cc85aa0e7d06d5dfa3044b98cda6ea9937cfee4e05a266',
    'linux-s390x': 'ac50bf4adc8fa6db575ed9293417b6fbec746e71cc9d360aea5cd447e4207bfc',
    'darwin-amd64': '5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95',
    'darwin-arm64': 'e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8',
  },
};

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm: 'arm7', ia32: '386', ppc64: 'ppc64le' };

export const natsPlatform = (platform: string = process.platform, arch: string = process.arch): string =>
  `${platform}-${ARCHITECTURES[arch] ?? arch}`;

/** Downloads the release for this platform, checks it, and writes `<target>/nats-server`. */
export async function fetchNatsRelease(target: string, release = NATS_RELEASE, platform = natsPlatform()) {
  const expected = release.sha256[platform];
  if (!expected) throw new Error(`no release is pinned for ${platform}`);
  const url = `${release.baseUrl}/nats-server-v${release.version}-${platform}.tar.gz`;
  const archive = await download(url);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`${url} has the SHA-256 ${actual}, not the pinned ${expected}`);
  const binary = fileFromTar(gunzipSync(archive), '/nats-server');
  if (!binary) throw new Error(`${url} holds no nats-server`);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'nats-server'), binary, { mode: 0o755 });
}

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : message}`, { cause: error });
  }
}

/** The content of the first regular file of a tar archive whose path ends so. A header tells: name, size (octal), type. */
function fileFromTar(tar: Buffer, ending: string): Buffer | undefined {
  const BLOCK = 512;
  const text = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    const content = at + BLOCK;
    if ((type === '0' || type === '') && text(at, 100).endsWith(ending)) return tar.subarray(content, content + size);
    at = content + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

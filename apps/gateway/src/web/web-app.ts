import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** The build names what is below by its content. */
const HASHED = '/assets/';
const SHAPES = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

interface WebFile {
  type: string;
  cacheControl: string;
  bytes: Buffer;
  /** The same, compressed by the build. */
  compressed: { encoding: string; bytes: Buffer }[];
}

/**
 * Serves the built web app: its files, which are read once, so that no path leads anywhere else; and its first page
 * under the address of any page of the app. Where it isn't built there is only the API.
 */
export function serveWebApp(app: NestFastifyApplication, folder: string): void {
  const files = readFiles(folder);
  const first = files.get('/index.html');
  if (!first) return;
  const fastify = app.getHttpAdapter().getInstance();
  for (const [path, file] of files) {
    if (path !== '/index.html') fastify.get(path, (request, reply) => send(file, request, reply));
  }
  fastify.get('/', (request, reply) => send(first, request, reply));
  fastify.get('/*', (request, reply) => {
    // The API's addresses are its own, and a file that isn't there is no page.
    return isPage(request) ? send(first, request, reply) : reply.callNotFound();
  });
}

function isPage({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '';
  if (/^\/(api|health|assets)(\/|$)/.test(path) || extname(path) !== '') return false;
  return headers.accept?.includes('text/html') ?? false;
}

function readFiles(folder: string): Map<string, WebFile> {
  const names = statSync(folder, { throwIfNoEntry: false })
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
  const served = names.filter((name) => TYPES[extname(name)] !== undefined);
  return new Map(
    served.map((name) => {
      const path = `/${relative(folder, name).replaceAll(sep, '/')}`;
      const compressed = SHAPES.flatMap(({ encoding, ending }) =>
        names.includes(name + ending) ? [{ encoding, bytes: readFileSync(name + ending) }] : [],
      );
      const cacheControl = path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache';
      return [path, { type: TYPES[extname(name)] as string, cacheControl, bytes: readFileSync(name), compressed }];
    }),
  );
}

function send(file: WebFile, { headers }: FastifyRequest, reply: FastifyReply) {
  const accepted = String(headers['accept-encoding'] ?? '');
  const shape = file.compressed.find(({ encoding }) => new RegExp(`\\b${encoding}\\b`).test(accepted));
  void reply.headers({ 'content-type': file.type, 'cache-control': file.cacheControl, vary: 'Accept-Encoding' });
  if (shape) void reply.header('content-encoding', shape.encoding);
  return reply.send(shape?.bytes ?? file.bytes);
}

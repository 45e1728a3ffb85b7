import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startGateway, type TestGateway } from './fake-platform.js';

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';
let folder: string;
let gateway: TestGateway;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongfuxing-web-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>app</title>');
  writeFileSync(join(folder, 'assets/app-1a2b.js'), 'let x = 1;');
  writeFileSync(join(folder, 'assets/app-1a2b.js.gz'), gzipSync('let x = 1;'));
  writeFileSync(join(folder, 'secret.json'), '{}');
  gateway = await startGateway({ WEB_DIR: folder });
});
afterAll(async () => {
  await gateway.app.close();
  rmSync(folder, { recursive: true });
});

it.each(['/', '/customers?status=1', '/some/page'])('the app opens under %s', async (path) => {
  const { status, headers, text } = await gateway.http.get(path).set('accept', HTML);
  expect([status, text]).toEqual([200, '<!doctype html><title>app</title>']);
  expect(headers['cache-control']).toBe('no-cache');
  expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe|default-src[^;]*unsafe/);
});

it('a built file is kept for good, and sent as small as the browser takes it', async () => {
  const { headers, text } = await gateway.http.get('/assets/app-1a2b.js').set('accept-encoding', 'gzip, br');
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    vary: 'Accept-Encoding',
  });
  expect(text).toBe('let x = 1;');
  const plain = await gateway.http.get('/assets/app-1a2b.js').set('accept-encoding', 'identity');
  expect(plain.headers['content-encoding']).toBeUndefined();
});

it.each([
  '/api/v1/nothing',
  '/api',
  '/health/nothing',
  '/assets/app-old.js',
  '/secret.json',
  '/../secret.json',
  '/%2e%2e/secret.json',
])('%s is no page', async (path) => {
  const { status, headers } = await gateway.http.get(path).set('accept', HTML);
  expect(status).toBe(404);
  expect(headers['content-type']).toMatch('application/problem+json');
});

it('a program that asks for no page gets none', async () => {
  expect((await gateway.http.get('/customers').set('accept', 'application/json')).status).toBe(404);
});

it('a method that an address of the API does not take is still told so', async () => {
  const { status, headers } = await gateway.http.get('/api/v1/auth/login').set('accept', HTML);
  expect([status, headers['allow']]).toEqual([405, 'POST']);
});

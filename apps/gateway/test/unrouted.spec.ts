import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startGateway, type TestGateway } from './fake-platform.js';

let gateway: TestGateway;
let port: number;
beforeAll(async () => {
  gateway = await startGateway();
  ({ port } = gateway.app.getHttpServer().address() as AddressInfo);
});
afterAll(() => gateway.app.close());

/** Sends what no client library would, and reads until the connection ends. */
async function sent(raw: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(raw);
  return text(socket);
}
const rest = 'Host: x\r\nConnection: close\r\n\r\n';

it.each([
  ['no HTTP', 'hello\r\n\r\n'],
  ['two lengths', `POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n${rest}`],
  [
    'a length and a transfer encoding',
    `POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: identity\r\n${rest}`,
  ],
  ['a header with NUL', `GET / HTTP/1.1\r\nX: \0\r\n${rest}`],
  ['endless headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n${rest}`],
])('%s is told as a problem, and the connection ends', async (_what, raw) => {
  const answer = await sent(raw);
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toMatch(/\r\nconnection: close\r\n/);
  expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    type: 'urn:hongfuxing:problem:malformed-request',
    status: 400,
  });
});

it('an expectation that nobody knows changes nothing', async () => {
  const answer = await sent(`GET /health/live HTTP/1.1\r\nExpect: something\r\n${rest}`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

it.each(['/api/v1/customers/%ff', `/api/v1/customers/${'x'.repeat(500)}`])(
  'a path that can not be read is told with the headers of every answer',
  async (path) => {
    const { status, headers } = await gateway.http.get(path);
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': expect.any(String) as string,
      'content-security-policy': expect.any(String) as string,
      'x-request-id': expect.any(String) as string,
    });
  },
);

import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendAway } from './serve.js';

test('a gateway that is told to go still answers, and ends each connection with it', async () => {
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const [answer] = (await once(request({ port, agent }).end(), 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
    return { status: answer.statusCode, connection: answer.headers.connection };
  };
  try {
    expect(await ask()).toEqual({ status: 200, connection: 'keep-alive' });
    const left = sendAway(server, 500);
    expect(await ask()).toEqual({ status: 200, connection: 'close' });
    expect(await ask()).toEqual({ status: 200, connection: 'close' });
    await left;
  } finally {
    agent.destroy();
    server.close();
  }
});

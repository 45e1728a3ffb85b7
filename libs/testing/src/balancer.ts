import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How often each replica is asked whether it is ready, ms. */
const EVERY = 100;

export interface Balancer {
  url: string;
  close(): Promise<void>;
}

/**
 * What stands before the replicas of a gateway, as an ingress does: each request goes to the next replica that said it
 * is ready when it was asked last, over a connection that was kept open if the client's is, else over a new one. It
 * repeats nothing: where a replica fails it, the client gets no answer.
 */
export async function balance(replicas: readonly string[]): Promise<Balancer> {
  const ready = new Set<string>();
  const agents = new Map(replicas.map((replica) => [replica, new Agent({ keepAlive: true })]));
  let closed = false;
  let turn = 0;

  const watch = async (replica: string) => {
    while (!closed) {
      if (await saysReady(replica)) ready.add(replica);
      else ready.delete(replica);
      await pause(EVERY);
    }
  };
  const watching = replicas.map(watch);

  const server = createServer((asked, answer) => {
    const standing = [...ready];
    const replica = standing[turn++ % standing.length];
    if (replica === undefined) return void answer.destroy();
    const agent = asked.headers.connection === 'close' ? false : agents.get(replica);
    forward(asked, answer, replica, agent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      closed = true;
      for (const agent of agents.values()) agent.destroy();
      server.closeAllConnections();
      await Promise.all([...watching, new Promise((resolve) => server.close(resolve))]);
    },
  };
}

function forward(asked: IncomingMessage, answer: ServerResponse, replica: string, agent: Agent | false | undefined) {
  const { method, headers: all } = asked;
  // Each connection is kept or ended on its own account.
  const { connection: _, ...headers } = all;
  const onward = request(`${replica}${asked.url}`, { method, headers, agent }, (answered) => {
    const { connection: _, 'keep-alive': __, ...more } = answered.headers;
    answer.writeHead(answered.statusCode ?? 502, more);
    answered.once('error', () => answer.destroy());
    answered.pipe(answer);
  });
  onward.once('error', () => answer.destroy());
  asked.pipe(onward);
}

async function saysReady(replica: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1_000);
    const answer = await fetch(`${replica}/health/ready`, { headers: { connection: 'close' }, signal });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

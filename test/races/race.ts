import http from 'node:http';
import type { Client } from '../access/client.js';

/** What an answer shows of the thing at stake. `away`: it says that it can't tell now, and when to ask again. */
export type View = 'shown' | 'hidden' | 'away';

/** Something that is asked again and again, by a reader who keeps his connection. */
export interface Read {
  name: string;
  as: Client;
  /** Below `/api/v1`. */
  path: string;
  /** Left out: it is a GET. */
  patch?: () => object;
  /** Of an answer that succeeds; throws at one that is neither as before nor as after. */
  shows: (text: string) => boolean;
  /** What it must show once it is over; `away` is no lie. */
  after: View;
}

export interface Reading {
  read: Read;
  startedAt: number;
  view: View;
}

const READERS = 64;

/**
 * Readers ask, spread over the gateways, while `end` does what is to end something; when it resolves, it must have
 * ended. Each reader goes on until he has asked after that moment. `poised` ones hold their breath from before the end,
 * and then ask all at once, before anything has had time to catch up; the others never stop, whatever that delays.
 *
 * Readings are ordered by this process's own clock: one that began after the answer to `end` had come here can't have
 * been overtaken by anything, however slow the machine is.
 */
export async function race(
  { gateways, reads, poised }: { gateways: readonly string[]; reads: readonly Read[]; poised: boolean },
  random: () => number,
  end: () => Promise<unknown>,
): Promise<Run> {
  const readings: Reading[] = [];
  let over = Infinity;
  const begun = signal();
  const ended = signal();
  const beginAt = READERS + Math.floor(random() * READERS);

  const reader = async (n: number) => {
    const read = reads[n % reads.length] as Read;
    const gateway = gateways[Math.floor(n / reads.length) % gateways.length] as string;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let startedAt = 0; startedAt < over;) {
        if (poised && readings.length >= beginAt) await ended.promise;
        startedAt = performance.now();
        readings.push({ read, startedAt, view: viewOf(read, await ask(agent, gateway, read)) });
        if (readings.length >= beginAt) begun.resolve();
      }
    } finally {
      agent.destroy();
    }
  };

  const readers = Promise.all(Array.from({ length: READERS }, (_, n) => reader(n)));
  try {
    await Promise.race([begun.promise, readers]);
    await end();
    over = performance.now();
    ended.resolve();
    await readers;
    return { over, readings };
  } finally {
    // Whatever went wrong, nobody goes on reading.
    over = 0;
    ended.resolve();
  }
}

export interface Run {
  /** From this moment on, by `performance.now()`. */
  over: number;
  readings: Reading[];
}

/** Readings from after the end that show what they must not, by name. */
export function wrongOf({ over, readings }: Run): string[] {
  return readings
    .filter(({ startedAt, view, read }) => startedAt >= over && view !== read.after && view !== 'away')
    .map(({ read, startedAt, view }) => `${read.name} is ${view} ${(startedAt - over).toFixed(1)} ms after the end`);
}

/** Something that happens once. */
function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((resolved) => (resolve = resolved));
  return { promise, resolve };
}

interface Answer {
  status: number;
  text: string;
  retryAfter?: string;
}

function viewOf({ name, shows }: Read, { status, text, retryAfter }: Answer): View {
  if (status === 200) return shows(text) ? 'shown' : 'hidden';
  if (status === 404 || status === 401) return 'hidden';
  if ((status === 503 || status === 504) && Number(retryAfter) > 0) return 'away';
  throw new Error(`${name} was answered ${status}: ${text}`);
}

function ask(agent: http.Agent, gateway: string, { as, path, patch }: Read): Promise<Answer> {
  const body = patch && JSON.stringify(patch());
  const headers = {
    authorization: `Bearer ${as.token}`,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'if-match': '*',
    }),
  };
  return new Promise((resolve, reject) => {
    const options = { agent, headers, method: body === undefined ? 'GET' : 'PATCH' };
    const request = http.request(`${gateway}/api/v1${path}`, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(parts).toString('utf8'),
          retryAfter: response.headers['retry-after'],
        }),
      );
    });
    request.on('error', reject).end(body);
  });
}

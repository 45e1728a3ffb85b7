import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalSystem } from '#embedded/local-system';
import { openSession, type Session } from '../../oracles/client.js';

/** How a client comes: over one connection that stays open, or over a new one each time. */
export type Manner = 'keep-alive' | 'fresh';

export interface Reading {
  path: string;
  manner: Manner;
  /** Undefined: no answer came, and `fault` tells why. */
  status: number | undefined;
  /** Until the answer began; a file may go on for longer. */
  ms: number;
  /** Until a file that had begun ended before its end, ms. */
  brokeOff?: number;
  fault?: string;
}

const WHO = ['admin', 'finance', 'sales01', 'sales02', 'sales03'];
/** Between two questions of one reader, ms: what comes from people at work, not from a benchmark. */
const BREATH = 20;
/** Whoever has waited so long for the beginning of an answer gives up, ms. */
const PATIENCE = 15_000;
/** And for its end: a file goes on once whatever was away is back. */
const PATIENCE_WITH_FILES = 120_000;
/** A file waits so long for whatever is away; it breaks off then, so that nobody takes it for whole. */
export const A_FILE_WAITS = 20_000;

/**
 * Users who read one list after the other, each that the API has. Nothing is asked twice: an answer that doesn't come
 * is missing.
 */
export class Readers {
  readonly record: Reading[] = [];
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly url: string,
    private readonly sessions: Session[],
    private readonly lists: string[],
  ) {}

  static async prepare(system: LocalSystem, { url = system.url, who = WHO } = {}): Promise<Readers> {
    const sessions = await Promise.all(who.map((username) => openSession(system, username)));
    return new Readers(url, sessions, await listsOf(system.url));
  }

  start(): this {
    const manners: Manner[] = ['keep-alive', 'fresh'];
    this.running = Promise.all(this.sessions.flatMap((session) => manners.map((manner) => this.read(session, manner))));
    return this;
  }

  async stop(): Promise<this> {
    this.stopping = true;
    await this.running;
    return this;
  }

  private async read({ token }: Session, manner: Manner): Promise<void> {
    const agent = manner === 'keep-alive' && new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; !this.stopping; n++) {
      const path = this.lists[n % this.lists.length]!;
      const answer = await get(`${this.url}${path}`, { authorization: `Bearer ${token}` }, agent);
      this.record.push({ path, manner, ...answer });
      await pause(BREATH);
    }
    if (agent) agent.destroy();
  }
}

export const readingsTold = (readings: readonly Reading[]): string[] =>
  readings.map(({ path, manner, status = 'none', ms, brokeOff, fault }) => {
    const end = brokeOff === undefined ? '' : `, broken off after ${brokeOff | 0} ms`;
    return `GET ${path} (${manner}): ${status} in ${ms | 0} ms${end} ${fault ?? ''}`;
  });

interface Content {
  content?: Record<string, unknown>;
}

/** Whatever can be read without naming anything, by the API's own description. */
async function listsOf(url: string): Promise<string[]> {
  const description = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, { get?: { parameters?: { required?: boolean }[]; responses: Record<string, Content> } }>;
  };
  // What tells of changes never ends.
  const ends = ({ content = {} }: Content = {}) => !('text/event-stream' in content);
  return Object.entries(description.paths)
    .filter(([path]) => !path.includes('{'))
    .filter(([, { get }]) => get && ends(get.responses['200']) && !get.parameters?.some(({ required }) => required))
    .map(([path]) => path);
}

type Outcome = Omit<Reading, 'path' | 'manner'>;

function get(url: string, headers: Record<string, string>, agent: Agent | false) {
  return new Promise<Outcome>((resolve) => {
    const began = performance.now();
    const passed = () => performance.now() - began;
    const patience = new AbortController();
    const giveUp = () => patience.abort();
    let timer = setTimeout(giveUp, PATIENCE);
    const told = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const failed = ({ message }: Error) => told({ status: undefined, ms: passed(), fault: message });
    request(url, { headers, agent, signal: patience.signal }, (answer) => {
      const begun = { status: answer.statusCode, ms: passed() };
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE_WITH_FILES);
      const broken = (error: Error) =>
        patience.signal.aborted ? failed(error) : told({ ...begun, brokeOff: passed(), fault: error.message });
      answer.once('error', broken).once('end', () => told(begun));
      answer.resume();
    })
      .once('error', failed)
      .end();
  });
}

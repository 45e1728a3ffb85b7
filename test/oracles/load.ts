import { setTimeout as pause } from 'node:timers/promises';
import type { LocalSystem } from '#embedded/local-system';
import { randomFrom } from '#testing/scale';
import { openSession, send, type Session } from './client.js';
import { KINDS } from './kinds.js';
import { isDone, isRefused, outcomeOf, type Attempt, type Operation } from './operation.js';
import { Dice, type World } from './world.js';

export interface LoadOptions {
  seed: number;
  /** How many clients act at once. */
  clients?: number;
  /** How long a client goes on asking for an answer to one operation, ms. */
  patience?: number;
  /** Where a request goes; the system's gateway unless told otherwise. */
  url?: () => string;
}

const USERNAMES = ['admin', 'finance', 'sales01', 'sales02', 'sales03', 'sales04', 'sales05'];
const TWICE_AT_ONCE = 0.1;
const GIVES_UP = 0.1;

/** Loads of this process, so that what one has left is not taken for another's. */
let loads = 0;

/** Several users at work, chosen by a seed, and a record of every answer. A client repeats under the same key. */
export class Load {
  readonly record: Operation[] = [];
  private stopping = false;
  private running?: Promise<unknown>;
  private count = 0;
  private readonly number = ++loads;
  private readonly weights = Object.entries(KINDS).map(([kind, { weight }]) => ({ kind, weight }));

  private constructor(
    private readonly system: LocalSystem,
    private readonly options: LoadOptions,
    private readonly sessions: Map<string, Session>,
    private readonly world: World,
  ) {}

  /** Signs its users in, and sees to something that can be sold. */
  static async prepare(system: LocalSystem, options: LoadOptions): Promise<Load> {
    const sessions = await Promise.all(USERNAMES.map((username) => openSession(system, username)));
    const known = new Map(sessions.map((session) => [session.username, session]));
    const none = { customers: [], purchases: [], payments: [], delegations: [], deleted: [] };
    const load = new Load(system, options, known, { people: sessions, productId: '', ...none });
    const product = { code: `L${load.number}`, name: `L${load.number}`, unit: '件', guidePrice: '1.00', kind: 'goods' };
    const answer = await load.send('admin', { method: 'POST', path: '/products', body: product }, crypto.randomUUID());
    if (!isDone(answer)) throw new Error(`No product: ${answer.status ?? answer.fault}`);
    load.world.productId = (answer.body as { id: string }).id;
    return load;
  }

  /** So many operations, then rest. */
  async run(operations: number): Promise<this> {
    const until = this.count + operations;
    await this.clients(() => this.count < until);
    return this;
  }

  /** Goes on until `stop`. */
  start(): this {
    this.running = this.clients(() => !this.stopping);
    return this;
  }

  /** Lets each client have the answer that it waits for. */
  async stop(): Promise<this> {
    this.stopping = true;
    await this.running;
    return this;
  }

  /** Asks once more for everything that carries a key, as a client that has lost its memory would. */
  async askAgain(): Promise<void> {
    const keyed = this.record.filter(({ request, attempts }) => request.method === 'POST' && attempts.some(isDone));
    for (const operation of keyed) operation.attempts.push(await this.ask(operation));
  }

  private async clients(more: () => boolean): Promise<void> {
    const { seed, clients = 4 } = this.options;
    const dice = Array.from({ length: clients }, (_, client) => new Dice(randomFrom(seed * 1_000 + client)));
    await Promise.all(
      dice.map(async (own) => {
        while (more()) await this.act(own);
      }),
    );
  }

  private async act(dice: Dice): Promise<void> {
    const n = ++this.count;
    const mark = `L${this.number}S${this.options.seed}N${String(n).padStart(6, '0')}`;
    const price = `${this.number * 100_000 + n}.00`;
    const kind = this.chosen(dice);
    const plan = KINDS[kind]!.plan(this.world, dice, { mark, price });
    if (!plan) return;
    const operation: Operation = { kind, mark, size: 1, ...plan, key: crypto.randomUUID(), attempts: [] };
    this.record.push(operation);
    const repeats = !dice.happens(GIVES_UP) && operation.request.method !== 'PATCH';
    const twice = dice.happens(TWICE_AT_ONCE) && operation.request.method === 'POST';
    await this.perform(operation, { repeats, twice });
    const done = operation.attempts.find(isDone);
    if (done && outcomeOf(operation) === 'acknowledged')
      KINDS[kind]!.learn?.(this.world, operation, done.body as never);
  }

  /** Only what can be told from its like is asked for again: a key does that, and an effect that can't come twice. */
  private async perform(operation: Operation, { repeats, twice }: { repeats: boolean; twice: boolean }): Promise<void> {
    const end = performance.now() + (this.options.patience ?? 30_000);
    for (let tries = 1; ; tries++) {
      const answers = await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => this.ask(operation)));
      operation.attempts.push(...answers);
      const settled = answers.some((answer) => isDone(answer) || isRefused(answer));
      if (settled || !repeats || performance.now() > end) return;
      await pause(Math.min(50 * 2 ** tries, 1_000));
    }
  }

  private ask = ({ who, request, key }: Operation): Promise<Attempt> => this.send(who, request, key);

  private send(who: string, request: Operation['request'], key: string): Promise<Attempt> {
    const headers = {
      authorization: `Bearer ${this.sessions.get(who)?.token}`,
      ...(request.method === 'POST' ? { 'idempotency-key': key } : { 'if-match': '*' }),
    };
    return send((this.options.url ?? (() => this.system.url))(), request, headers);
  }

  private chosen(dice: Dice): string {
    const total = this.weights.reduce((sum, { weight }) => sum + weight, 0);
    let left = dice.roll() * total;
    return this.weights.find(({ weight }) => (left -= weight) < 0)!.kind;
  }
}

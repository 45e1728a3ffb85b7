import type { BareServer, Client } from './children.js';
import type { Ground } from './ground.js';
import { operation, type OperationName } from './operations.js';
import type { Options } from './options.js';
import { cpuOf } from './processes.js';

export interface Figures {
  /** Requests in a second: the median of the slices. */
  rate: number;
  /** In ms, over all slices. */
  p50: number;
  p99: number;
  /** Processor time of a request, in ms: of the processes that serve, and of PostgreSQL. */
  cpu: number;
  postgres: number;
  requests: number;
}

export interface Compared {
  name: OperationName;
  connections: number;
  product: Figures;
  bare: Figures;
}

/** Each slice begins with so much that does not count. */
const WARM_UP_SECONDS = 0.3;
/** A user may check for duplicates so often in a minute; here the count begins anew all the time. */
const FORGET_PROBES_MS = 400;

interface Slice {
  rate: number;
  latencies: number[];
  cpu: number;
  postgres: number;
}

export class Measurement {
  constructor(
    private readonly ground: Ground,
    private readonly bare: BareServer,
    private readonly client: Client,
    private readonly options: Pick<Options, 'seconds' | 'rounds'>,
  ) {}

  /** In turns, so that whatever else the machine does meets both. */
  async compare(name: OperationName, connections: number): Promise<Compared> {
    const slices = { product: [] as Slice[], bare: [] as Slice[] };
    await this.product(name, connections, WARM_UP_SECONDS * 2);
    for (let round = 0; round < this.options.rounds; round++) {
      slices.product.push(await this.product(name, connections));
      slices.bare.push(await this.bareOne(name, connections));
    }
    return { name, connections, product: figuresOf(slices.product), bare: figuresOf(slices.bare) };
  }

  async product(name: OperationName, connections: number, seconds = this.options.seconds): Promise<Slice> {
    const { ground } = this;
    return this.slice(name, { port: ground.system.port, connections, seconds }, () => ground.cpu().product);
  }

  private async bareOne(name: OperationName, connections: number): Promise<Slice> {
    const { bare, ground, options } = this;
    const { events } = operation(name);
    if (events) ground.standStill();
    try {
      const target = { port: bare.port, connections, seconds: options.seconds };
      return await this.slice(name, target, () => cpuOf(bare.pid), { settle: false });
    } finally {
      if (events) ground.goOn();
      // What the bare server has told goes its way outside of all measurement.
      if (events) await ground.settled();
    }
  }

  /** The product's work is done when what it has told has arrived: that counts, too. */
  private async slice(
    name: OperationName,
    target: { port: number; connections: number; seconds: number },
    cpu: () => number,
    { settle = operation(name).events } = {},
  ): Promise<Slice> {
    const { ground, client } = this;
    const world = await ground.world();
    const load = { operation: name, world, ...target };
    const forget = () => ground.rows(`DELETE FROM customers.duplicate_probes`).catch(() => undefined);
    const forgetting = setInterval(() => void forget(), FORGET_PROBES_MS);
    try {
      await client.load({ ...load, seconds: WARM_UP_SECONDS });
      if (settle) await ground.settled();
      const before = { own: cpu(), postgres: ground.cpu().postgres };
      const { seconds, latencies } = await client.load(load);
      if (settle) await ground.settled();
      const count = latencies.length;
      return {
        rate: count / seconds,
        latencies,
        cpu: (cpu() - before.own) / count,
        postgres: (ground.cpu().postgres - before.postgres) / count,
      };
    } finally {
      clearInterval(forgetting);
    }
  }
}

function figuresOf(slices: Slice[]): Figures {
  const latencies = slices.flatMap((slice) => slice.latencies).sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return {
    rate: median(slices.map(({ rate }) => rate)),
    p50: at(0.5),
    p99: at(0.99),
    cpu: median(slices.map(({ cpu }) => cpu)),
    postgres: median(slices.map(({ postgres }) => postgres)),
    requests: latencies.length,
  };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

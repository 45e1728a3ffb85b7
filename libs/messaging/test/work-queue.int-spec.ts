import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { job } from '#contracts/event';
import { ensureStream, streamsOf } from '#messaging/streams';
import { WorkQueue, workerName, type WorkerOptions, type Works } from '#messaging/work-queue';
import { WorkerRunner } from '#messaging/worker-runner';
import type { TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import { NatsRig, messagingDatabase } from './rig.js';

const sweep = job('billing.sweep-shard', z.object({ shard: z.int() }));
const shards = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** Notes what it was given; holds a job back, or fails it, if told so. */
class Sweeper implements Works {
  done: number[] = [];
  begun: number[] = [];
  atOnce = 0;
  busiest = 0;
  failing = new Set<number>();
  held = new Map<number, Promise<void>>();

  async work({ shard }: { shard: number }, { signal }: { signal: AbortSignal }): Promise<void> {
    this.begun.push(shard);
    this.busiest = Math.max(this.busiest, ++this.atOnce);
    try {
      const held = this.held.get(shard);
      if (held) await Promise.race([held, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      if (signal.aborted) throw new Error('told to stop');
      if (this.failing.has(shard)) throw new Error(`shard ${shard} fails`);
      this.done.push(shard);
    } finally {
      this.atOnce--;
    }
  }

  hold(shard: number): () => void {
    let release = () => {};
    this.held.set(shard, new Promise((resolve) => (release = resolve)));
    return () => {
      this.held.delete(shard);
      release();
    };
  }
}

let nats: NatsRig;
let billing: NatsConnection;
let ops: JetStreamManager;
let database: TestDatabase;
let queue: WorkQueue;
let running: WorkerRunner[];
const connections = new Map<WorkerRunner, NatsConnection>();

async function run(worker: Works, settings: Partial<WorkerOptions> = {}, drainMs?: number): Promise<WorkerRunner> {
  const options = { service: 'billing' as const, dataSource: database.dataSource, expires: 1_000, drainMs };
  const nc = await nats.connect('billing');
  const runner = new WorkerRunner(
    worker,
    { job: sweep, concurrency: 2, lease: 2_000, tries: 3, ...settings },
    { ...options, nc, retryDelay: () => 20 },
  );
  running.push(runner);
  connections.set(runner, nc);
  runner.start();
  return runner;
}

const enqueue = (...numbers: number[]) =>
  Promise.all(numbers.map((shard) => queue.enqueue(sweep, { shard }, { id: `shard ${shard}` })));
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

beforeAll(async () => {
  nats = await NatsRig.start();
  billing = await nats.connect('billing');
  ops = await jetstreamManager(await nats.connectAs('ops'), { checkAPI: false });
});
afterAll(() => nats.stop());

beforeEach(async () => {
  running = [];
  await ops.streams.delete('JOB_BILLING').catch(() => {});
  for (const spec of streamsOf('billing')) await ensureStream(ops, spec);
  database = await messagingDatabase('billing');
  queue = new WorkQueue({ service: 'billing', nc: billing });
});
afterEach(async () => {
  await Promise.all(running.map((runner) => runner.stop()));
  await database.close();
});

it('names its consumer after the job', () => {
  expect(workerName(sweep)).toBe('billing-sweep-shard');
});

it('gives each job to one of several replicas, so many at a time', async () => {
  const [a, b] = [new Sweeper(), new Sweeper()];
  // Both are held up by their first jobs, so that neither can do all.
  const releases = [0, 1, 2, 3].flatMap((shard) => [a.hold(shard), b.hold(shard)]);
  await run(a);
  await run(b);
  await enqueue(...shards(40));
  await eventually(() => expect([a.atOnce, b.atOnce]).toEqual([2, 2]));
  for (const release of releases) release();
  await eventually(() => expect(sorted([...a.done, ...b.done])).toEqual(shards(40)));
  expect([a.busiest, b.busiest]).toEqual([2, 2]);
  await eventually(async () => expect(await running[0]?.status()).toMatchObject({ waiting: 0, parked: 0 }));
});

it('takes the same id for the same job', async () => {
  await enqueue(1, 1, 1, 2);
  const worker = new Sweeper();
  await run(worker);
  await eventually(() => expect(sorted(worker.done)).toEqual([1, 2]));
  const { state } = await ops.streams.info('JOB_BILLING');
  expect(state.last_seq).toBe(2);
});

it('refuses data that the contract does not allow, and another service’s job', async () => {
  await expect(queue.enqueue(sweep, { shard: 'x' } as never, { id: 'x' })).rejects.toThrow();
  const sales = new WorkQueue({ service: 'sales', nc: billing });
  await expect(sales.enqueue(sweep, { shard: 1 }, { id: 'x' })).rejects.toThrow('another service');
});

it('keeps a job for as long as its worker is busy, far beyond the lease', async () => {
  const worker = new Sweeper();
  const release = worker.hold(1);
  await run(worker, { lease: 300 });
  const twin = new Sweeper();
  await run(twin, { lease: 300 });
  await enqueue(1);
  await eventually(() => expect([...worker.begun, ...twin.begun]).toHaveLength(1));
  const began = performance.now();
  // Three leases later it is still in the same hands; enqueueing others shows that the twin is awake.
  for (let n = 10; performance.now() - began < 1_000; n++) {
    await enqueue(n);
    await eventually(() => expect([...worker.done, ...twin.done]).toContain(n));
  }
  expect([...worker.begun, ...twin.begun].filter((shard) => shard === 1)).toHaveLength(1);
  twin.hold(1)();
  release();
});

it('gives the job of a replica that died to another', async () => {
  const worker = new Sweeper();
  const dying = new Sweeper();
  const release = dying.hold(1);
  const died = await run(dying, { lease: 500 });
  await enqueue(1);
  await eventually(() => expect(dying.begun).toEqual([1]));
  // Cut off without a word: neither the lease nor the job is heard of again.
  await connections.get(died)?.close();
  await run(worker, { lease: 500 });
  await eventually(() => expect(worker.done).toEqual([1]));
  release();
});

it('tries a job that fails again, then parks it, and does it when it is replayed', async () => {
  const worker = new Sweeper();
  worker.failing.add(1);
  const runner = await run(worker);
  await enqueue(1, 2);
  await eventually(async () => expect(await runner.status()).toMatchObject({ waiting: 0, parked: 1 }));
  expect(worker.begun.filter((shard) => shard === 1)).toHaveLength(3);
  expect(worker.done).toEqual([2]);
  const [row] = await database.dataSource.query<Record<string, unknown>[]>(`SELECT * FROM parked`);
  expect(row).toMatchObject({ event_id: 'shard 1', error: 'Error: shard 1 fails', tries: 3, payload: '{"shard":1}' });

  worker.failing.clear();
  expect(await runner.replayParked()).toEqual({ replayed: 1, failed: 0 });
  await eventually(() => expect(sorted(worker.done)).toEqual([1, 2]));
  expect(await runner.status()).toMatchObject({ parked: 0 });
});

it('parks what is no job', async () => {
  const runner = await run(new Sweeper(), { tries: 1 });
  await jetstream(billing).publish(sweep.subject, '{"shard":"x"}', { msgID: 'broken' });
  await eventually(async () => expect(await runner.status()).toMatchObject({ waiting: 0, parked: 1 }));
});

it('finishes the job in hand when it stops, and takes no other', async () => {
  const worker = new Sweeper();
  const release = worker.hold(1);
  const runner = await run(worker, { concurrency: 1 });
  await enqueue(1);
  await eventually(() => expect(worker.begun).toEqual([1]));
  await enqueue(2);
  const stopped = runner.stop();
  release();
  await stopped;
  expect(worker.done).toEqual([1]);
  const { state } = await ops.streams.info('JOB_BILLING');
  expect(state.messages).toBe(1);
});

it('tells a job that does not end that its time is over, and another replica gets it', async () => {
  const worker = new Sweeper();
  worker.hold(1);
  const runner = await run(worker, {}, 100);
  await enqueue(1);
  await eventually(() => expect(worker.begun).toEqual([1]));
  await runner.stop();
  expect(worker.atOnce).toBe(0);
  const other = new Sweeper();
  await run(other);
  await eventually(() => expect(other.done).toEqual([1]));
});

it('loses no job when NATS is killed', async () => {
  const [a, b] = [new Sweeper(), new Sweeper()];
  await enqueue(...shards(100));
  await run(a, { tries: 10 });
  await run(b, { tries: 10 });
  await eventually(() => expect(a.done.length + b.done.length).toBeGreaterThan(10));
  await nats.kill();
  await nats.back();
  await enqueue(...shards(10, 100));
  await eventually(() => expect(sorted([...new Set([...a.done, ...b.done])])).toEqual(shards(110)), 20_000);
});

it('goes on after JetStream was wiped whole', async () => {
  const worker = new Sweeper();
  await run(worker);
  await nats.wipe();
  await eventually(() => enqueue(1));
  await eventually(() => expect(worker.done).toEqual([1]), 15_000);
});

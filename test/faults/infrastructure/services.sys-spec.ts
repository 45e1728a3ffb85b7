import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { sweepShard } from '#contracts/billing';
import { DATABASE_SERVICES, type DatabaseService } from '#embedded/provision-sql';
import { jobStream } from '#messaging/permissions';
import { workerName } from '#messaging/work-queue';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { seeds } from '#testing/scale';
import { expectAtRest } from '../../oracles/at-rest.js';
import { expectKept } from '../../oracles/kept.js';
import { Load } from '../../oracles/load.js';
import { expectReminded, expectSwept } from '../../oracles/reminded.js';
import { Latch, type Place } from './latch.js';
import { openStage, surviveUnderLoad, type Fault, type Stage } from './under-load.js';

const DEATH = [['SIGKILL', 10_000]] as const;
/** Shorter than in production, so that what a dead worker had in hand need not be waited for so long. */
const LEASE = 2_000;

/** A point of a service's work. What is done there leaves its process dead. */
type Point = (stage: Stage, service: DatabaseService) => Promise<void>;

/** What is done to a process whose `backend` is held up. */
type Strike = (struck: { stage: Stage; service: DatabaseService; latch: Latch; backend: number }) => Promise<void>;

const kill: Strike = ({ stage, service }) => stage.system.process(service).stop(DEATH);

const at =
  (placeOf: (service: DatabaseService) => Omit<Place, 'service'>, strike: Strike): Point =>
  async (stage, service) => {
    const latch = await Latch.set(stage.witness, { service, ...placeOf(service) });
    try {
      await strike({ stage, service, latch, backend: await latch.caught() });
    } finally {
      await latch.remove();
    }
  };

/** What a service's own work ends with: billing's worker opens reminders, all others tell of what they were asked to do. */
const written = (when: Place['when']) => (service: DatabaseService) =>
  ({ table: service === 'billing' ? 'reminders' : 'outbox', by: 'INSERT', when }) as const;

const unpublished = (stage: Stage, service: DatabaseService, since = '0 s') =>
  stage.witness.rows(
    `SELECT id FROM ${service}.outbox WHERE published_at IS NULL AND created_at <= now() - $1::interval`,
    [since],
  );

/** Whoever publishes holds a lock for as long as he lives. */
const beforePublishing: Point = async (stage, service) => {
  const holder = await stage.witness.connection();
  try {
    let isHeld = false;
    const taken = holder
      .query(`SELECT pg_advisory_lock(hashtextextended('relay ${service}', 0))`)
      .then(() => (isHeld = true));
    // Once more if it was taken again before this one had come to wait for it.
    const takenFromIt = eventually(async () => {
      await stage.witness.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND granted AND application_name = $1`,
        [service],
      );
      expect(isHeld).toBe(true);
    });
    await Promise.all([taken, takenFromIt]);
    // So old that whoever asked for it has his answer.
    await eventually(async () => expect(await unpublished(stage, service, '200 ms')).not.toEqual([]), 30_000, 20);
    await stage.system.process(service).stop(DEATH);
  } finally {
    await holder.end();
  }
};

const beforeReplying: Strike = async (struck) => {
  const { stage, service, latch, backend } = struck;
  stage.system.process(service).pause();
  await latch.letGo(backend);
  expect(await unpublished(stage, service)).not.toEqual([]);
  await kill(struck);
};

const beforeMarking: Strike = async (struck) => {
  await kill(struck);
  // It would still note what it was asked to, though nobody is there to hear of it.
  await struck.stage.witness.rows(`SELECT pg_terminate_backend($1)`, [struck.backend]);
};

const POINTS: { name: string; strike: Point }[] = [
  { name: 'before COMMIT', strike: at(written('written'), kill) },
  { name: 'after COMMIT, before the reply', strike: at(written('committing'), beforeReplying) },
  { name: 'between commit and publish', strike: beforePublishing },
  {
    name: 'between publish and mark',
    strike: at(() => ({ table: 'outbox', by: 'UPDATE', when: 'written' }), beforeMarking),
  },
];

const cutOff = ({ witness }: Stage, service: DatabaseService) =>
  witness.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`, [service]);

describe('a service', () => {
  let stage: Stage;
  let nats: NatsConnection;
  let jsm: JetStreamManager;
  let admin: Api;
  beforeAll(async () => {
    stage = await openStage({ replicas: { billing: 2 } });
    // Only where it is said, somebody takes over: else all is done by the one that is struck.
    await stage.system.process('billing-2').stop();
    const server = stage.system.nats!;
    nats = await connect({ servers: server.url, ...server.credentials('ops') });
    jsm = await jetstreamManager(nats);
  }, 120_000);
  beforeEach(async () => void (admin = await stage.as('admin')));
  afterAll(async () => {
    await nats?.close();
    await stage?.close();
  });

  const sweep = () => admin.post('/reminder-sweeps', {});

  /** What the load sells is overdue at once, and a sweep is what has the worker open reminders. */
  async function whileSweeping(work: () => Promise<void>): Promise<void> {
    let over = false;
    const sweeping = (async () => {
      while (!over) await sweep();
    })();
    try {
      await work();
    } finally {
      over = true;
      await sweeping;
    }
  }

  /** A worker that starts sets its own lease. */
  async function start(name: string): Promise<void> {
    await stage.system.process(name).start();
    await jsm.consumers.update(jobStream('billing'), workerName(sweepShard), { ack_wait: nanos(LEASE) });
  }

  /** Once nothing is under way any more, and after one more sweep of all that was entered meanwhile. */
  async function expectAllReminded(): Promise<void> {
    await expectSwept(stage.witness);
    await expectAtRest(stage.witness);
    await sweep().expect(({ status }) => expect([200, 202]).toContain(status));
    await expectSwept(stage.witness);
    await expectAtRest(stage.witness);
    await expectReminded(stage.witness);
  }

  /** Each is killed once, each at another point; four seeds are every service at every point. */
  const deaths = (seed: number) =>
    DATABASE_SERVICES.map((service, place): [string, Fault] => {
      const { name, strike } = POINTS[(place + seed) % POINTS.length]!;
      const die = () => strike(stage, service);
      const fault = async () => {
        await (service === 'billing' ? whileSweeping(die) : die());
        await start(service);
      };
      return [`${service} is killed ${name}`, fault];
    });

  it.each(seeds(3, 40))(
    'killed at any point of its work loses nothing and doubles nothing (seed %i)',
    (seed) => surviveUnderLoad(stage, seed, Object.fromEntries(deaths(seed))),
    240_000,
  );

  it('that was killed again and again as a worker has reminded of everything once', expectAllReminded, 120_000);

  it.each(seeds(3, 40))(
    'frozen past the lease of its work, does nothing twice and leaves nothing out when it wakes (seed %i)',
    async (seed) => {
      const load = await Load.prepare(stage.system, { seed });
      await eventually(async () => {
        await load.run(30);
        await expectAtRest(stage.witness);
        await expect(expectReminded(stage.witness)).rejects.toThrow('not reminded');
      }, 30_000);

      // Its work is lost with the connection, or done and not acknowledged.
      const when = seed % 2 ? 'written' : 'committing';
      const latch = await Latch.set(stage.witness, { service: 'billing', table: 'reminders', by: 'INSERT', when });
      const asked = sweep().then(() => {});
      try {
        const backend = await latch.caught();
        stage.system.process('billing').pause();
        if (when === 'committing') await latch.letGo(backend);
        // What it holds in the database goes with its connections; what it believes to hold, it keeps.
        await cutOff(stage, 'billing');
      } finally {
        await latch.remove();
      }
      await asked;

      await start('billing-2');
      await expectSwept(stage.witness);
      stage.system.process('billing').resume();
      await stage.system.process('billing').waitReady();
      await load.run(20);
      await expectKept(stage.witness, load.record);
      await expectAllReminded();
      await stage.system.process('billing-2').stop();
    },
    120_000,
  );
});

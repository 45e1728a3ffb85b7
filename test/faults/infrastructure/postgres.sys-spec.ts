import { readFileSync } from 'node:fs';
import { DATABASE_SERVICES, type DatabaseService } from '#embedded/provision-sql';
import { seeds } from '#testing/scale';
import { killed, lasting, openStage, surviveUnderLoad, type Fault, type Stage } from './under-load.js';

/** What most requests come by, and what every service has for its messages and its answers. */
const BUSY: Record<DatabaseService, string[]> = {
  auth: ['users', 'sessions', 'refresh_tokens'],
  customers: ['customers', 'owner_access', 'users'],
  sales: ['purchases', 'payments', 'products'],
  billing: ['charges', 'customers', 'reminders'],
};
const COMMON = ['outbox', 'inbox', 'idempotency'];

const postmasterOf = ({ system }: Stage) => system.process('postgres');

/** The postmaster's children: whoever answers or works in the background. */
function backendsOf(stage: Stage): number[] {
  const { pid } = postmasterOf(stage);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}

const FAULTS: Record<string, Fault> = {
  async 'backends are terminated'({ witness }, dice) {
    for (let strikes = 5; strikes > 0; strikes--) {
      const most = dice.of([1, 3, 100]);
      // Those that are in the middle of something first.
      await witness.rows(
        `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE application_name = $1
         ORDER BY state = 'idle', random() LIMIT $2) struck`,
        [dice.of(DATABASE_SERVICES), most],
      );
      await lasting(dice.below(500));
    }
  },

  async 'PostgreSQL is killed'(stage) {
    await killed(postmasterOf(stage));
  },

  async 'PostgreSQL is frozen'(stage, dice) {
    // First, so that it has no more children.
    postmasterOf(stage).pause();
    const backends = backendsOf(stage);
    for (const pid of backends) process.kill(pid, 'SIGSTOP');
    // Shorter and longer than anybody waits for an answer.
    await lasting(dice.of([1_000, 3_000, 8_000])!);
    for (const pid of backends) process.kill(pid, 'SIGCONT');
    postmasterOf(stage).resume();
  },

  async 'a table of each service is locked'({ witness }, dice) {
    const tables = DATABASE_SERVICES.map((service) => `${service}.${dice.of([...BUSY[service], ...COMMON])}`);
    await Promise.all(
      tables.map(async (table) => {
        const holder = await witness.connection();
        try {
          await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
          // Longer than a statement may take.
          await lasting(5_000);
        } finally {
          await holder.end();
        }
      }),
    );
  },
};

describe('PostgreSQL', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage()), 120_000);
  afterAll(() => stage?.close());

  it.each(seeds(3, 40))(
    'broken in every way loses nothing and doubles nothing (seed %i)',
    (seed) => surviveUnderLoad(stage, seed, FAULTS),
    480_000,
  );
});

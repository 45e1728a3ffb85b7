import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '#testing/eventually';
import { scale, seeds } from '#testing/scale';
import { killed, lasting, openStage, surviveUnderLoad, type Fault, type Stage } from './under-load.js';

const natsOf = ({ system }: Stage) => {
  if (!system.nats) throw new Error('Only the embedded NATS can be broken');
  return system.nats.process;
};
const folderOf = ({ system }: Stage) => join(system.dataDir, 'nats');

/** Restarts it with a change to its settings. */
async function configured(stage: Stage, change: (jetstream: Record<string, unknown>) => void): Promise<void> {
  const file = join(folderOf(stage), 'server.conf');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as { jetstream: Record<string, unknown> };
  change(settings.jetstream);
  writeFileSync(file, JSON.stringify(settings));
  await natsOf(stage).restart();
}

const FAULTS: Record<string, Fault> = {
  async 'NATS is killed'(stage, dice) {
    for (let deaths = 1 + dice.below(2); deaths > 0; deaths--) {
      await killed(natsOf(stage));
    }
  },

  async 'NATS is frozen'(stage, dice) {
    natsOf(stage).pause();
    // Shorter and longer than its clients need to find it dead.
    await lasting(dice.of([1_000, 3_000, 8_000])!);
    natsOf(stage).resume();
  },

  async 'NATS is away for a while'(stage) {
    await natsOf(stage).stop([['SIGKILL', 5_000]]);
    await lasting(scale(4_000, 60_000));
    await natsOf(stage).start();
  },

  async 'NATS is back with an empty store'(stage) {
    await natsOf(stage).stop([['SIGKILL', 5_000]]);
    rmSync(join(folderOf(stage), 'jetstream'), { recursive: true });
    await natsOf(stage).start();
  },

  async 'NATS is out of room'(stage, dice) {
    // What is in the store already is more than that: nothing more is taken.
    await configured(stage, (jetstream) => (jetstream['max_file_store'] = 1_024));
    const published = async () =>
      (await stage.witness.rows<{ count: string }>('SELECT count(*) FROM sales.outbox WHERE published_at IS NULL'))[0];
    await eventually(async () => expect(Number((await published())?.count)).toBeGreaterThan(5), 30_000);
    await lasting(dice.below(2_000));
    await configured(stage, (jetstream) => delete jetstream['max_file_store']);
  },
};

describe('NATS', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await openStage()), 120_000);
  afterAll(() => stage?.close());

  it.each(seeds(3, 40))(
    'broken in every way loses nothing and doubles nothing (seed %i)',
    (seed) => surviveUnderLoad(stage, seed, FAULTS),
    480_000,
  );
});

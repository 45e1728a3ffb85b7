import { startTestSystem, type TestSystem } from '#testing/system';
import { seeds } from '#testing/scale';
import { expectAtRest } from './at-rest.js';
import { expectAnswered, expectKept, expectUnharmed } from './kept.js';
import { KINDS } from './kinds.js';
import { Load } from './load.js';
import { expectMemoryBounded, memoryOf } from './memory.js';
import { outcomeOf } from './operation.js';
import { expectRebuildTheSame } from './rebuild.js';
import { Witness } from './witness.js';

/** Without any fault: what the oracles ask for holds, and they see something to judge. */
describe('several users at work', () => {
  let system: TestSystem;
  let witness: Witness;
  let load: Load;
  const done = new Set<string>();

  beforeAll(async () => {
    system = await startTestSystem();
    witness = new Witness(system.system);
  }, 120_000);
  afterAll(async () => {
    await witness?.close();
    await system?.close();
  });

  it.each(seeds(1, 40))(
    'have every operation done as it was told, and leave everything in agreement (seed %i)',
    async (seed) => {
      load = await Load.prepare(system.system, { seed, clients: 6 });
      await load.run(100);
      const before = memoryOf(system.system);
      await load.run(400);
      await expectKept(witness, load.record);
      expectUnharmed(load.record);
      expectAnswered(load.record);
      await expectAtRest(witness);
      expectMemoryBounded(before, memoryOf(system.system));
      for (const operation of load.record) if (outcomeOf(operation) === 'acknowledged') done.add(operation.kind);
    },
    120_000,
  );

  it('did every kind of operation', () => expect([...done].sort()).toEqual(Object.keys(KINDS).sort()));

  it('are given the same again when they ask again, and nothing is done twice', async () => {
    await load.askAgain();
    await expectKept(witness, load.record);
    await expectAtRest(witness);
  }, 120_000);

  it('are the same to billing when it is told everything anew', () => expectRebuildTheSame(witness), 120_000);
});

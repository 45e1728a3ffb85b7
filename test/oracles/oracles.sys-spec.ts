import { startTestSystem, type TestSystem } from '#testing/system';
import { scale } from '#testing/scale';
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

  beforeAll(async () => {
    system = await startTestSystem();
    witness = new Witness(system.system);
    load = await Load.prepare(system.system, { seed: 1, clients: 6 });
  }, 120_000);
  afterAll(async () => {
    await witness?.close();
    await system?.close();
  });

  it('have every operation done as it was told, and leave everything in agreement', async () => {
    await load.run(100);
    const before = memoryOf(system.system);
    await load.run(scale(400, 20_000));
    await expectKept(witness, load.record);
    expectUnharmed(load.record);
    expectAnswered(load.record);
    await expectAtRest(witness);
    expectMemoryBounded(before, memoryOf(system.system));
  }, 600_000);

  it('did every kind of operation', () => {
    const done = load.record.filter((operation) => outcomeOf(operation) === 'acknowledged').map(({ kind }) => kind);
    expect([...new Set(done)].sort()).toEqual(Object.keys(KINDS).sort());
  });

  it('are given the same again when they ask again, and nothing is done twice', async () => {
    await load.askAgain();
    await expectKept(witness, load.record);
    await expectAtRest(witness);
  }, 120_000);

  it('are the same to billing when it is told everything anew', () => expectRebuildTheSame(witness), 120_000);
});

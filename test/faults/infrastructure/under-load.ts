import { setTimeout as pause } from 'node:timers/promises';
import type { SupervisedProcess } from '#embedded/supervised-process';
import { eventually } from '#testing/eventually';
import { randomFrom } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import { expectAtRest } from '../../oracles/at-rest.js';
import { ANSWERED_WITHIN, expectAnswered, expectKept, expectNone } from '../../oracles/kept.js';
import { Load } from '../../oracles/load.js';
import { isDone, told } from '../../oracles/operation.js';
import { Witness } from '../../oracles/witness.js';
import { Dice } from '../../oracles/world.js';
import { A_FILE_WAITS, Readers, readingsTold } from './readers.js';

/** What is done to a running system, and undone again before it returns. */
export type Fault = (stage: Stage, dice: Dice) => Promise<void>;

export interface Stage extends TestSystem {
  witness: Witness;
}

export async function openStage(options: Parameters<typeof startTestSystem>[0] = {}): Promise<Stage> {
  const system = await startTestSystem(options);
  const witness = new Witness(system.system);
  return {
    ...system,
    witness,
    async close() {
      await witness.close();
      await system.close();
    },
  };
}

/** How many operations are done before the first fault, and how many must be done after each by clients who begin anew. */
const BEFORE = 15;
const AFTER = 15;
const READERS = ['admin', 'sales01'];

/**
 * Users work and others read, something breaks and is whole again, and then the next, in an order that the seed draws;
 * they go on meanwhile, and whoever works repeats what failed. After each, everybody gets on with what he begins. Every
 * call is answered in time, with an error if need be, and afterwards everything works and agrees.
 */
export async function surviveUnderLoad(stage: Stage, seed: number, faults: Record<string, Fault>): Promise<void> {
  const load = await Load.prepare(stage.system, { seed, patience: 60_000 });
  const doneSince = (begun: number) => load.record.slice(begun).filter(({ attempts }) => attempts.some(isDone)).length;
  const readers = await Readers.prepare(stage.system, { who: READERS });
  const dice = new Dice(randomFrom(seed));
  const left = Object.entries(faults);
  load.start();
  readers.start();
  try {
    await eventually(() => expect(doneSince(0)).toBeGreaterThan(BEFORE), 60_000);
    for (let next = dice.take(left); next; next = dice.take(left)) {
      const [name, fault] = next;
      process.stdout.write(`${name}\n`);
      await fault(stage, dice);
      const begun = load.record.length;
      await eventually(() => expect(doneSince(begun)).toBeGreaterThan(AFTER), 60_000);
    }
  } finally {
    await Promise.all([load.stop(), readers.stop()]);
  }
  expectAnswered(load.record);
  const wrong = readers.record.filter(
    ({ status = 500, ms, brokeOff = Infinity }) => status === 500 || ms > ANSWERED_WITHIN || brokeOff < A_FILE_WAITS,
  );
  expectNone('readings without an answer in time that says what was away', readingsTold(wrong));
  const unexplained = load.record.filter(({ attempts }) => attempts.some(({ status }) => status === 500));
  expectNone('answers that don’t say what was away', unexplained.map(told));
  await expectKept(stage.witness, load.record);
  await expectAtRest(stage.witness);
}

/** How long something is away: the fault itself, not a wait for anything. */
export const lasting = (ms: number): Promise<void> => pause(ms);

/** Killed, and up again by itself. */
export async function killed(server: SupervisedProcess): Promise<void> {
  const { pid } = server;
  server.kill('SIGKILL');
  await eventually(async () => {
    expect(server.pid).not.toBe(pid);
    expect(await server.isReady()).toBe(true);
  }, 60_000);
}

import { eventually } from '#testing/eventually';
import { randomFrom, seeds } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import type { Api } from '#testing/api';
import { expectAtRest } from '../oracles/at-rest.js';
import { expectAnswered, expectKept } from '../oracles/kept.js';
import { Load } from '../oracles/load.js';
import { expectRebuildTheSame } from '../oracles/rebuild.js';
import { Witness } from '../oracles/witness.js';
import { Dice } from '../oracles/world.js';
import { Latch, servicesOf } from './latch.js';
import { POINTS, type Point } from './points.js';

/** `kill -9` at every point of a service's work, while several users go on with theirs. */
describe('a service that is killed', () => {
  let system: TestSystem;
  let witness: Witness;
  let admin: Api;

  beforeAll(async () => {
    system = await startTestSystem({ replicas: { auth: 2, customers: 2, sales: 2, billing: 2 } });
    witness = new Witness(system.system);
  }, 240_000);
  beforeEach(async () => {
    admin = await system.as('admin');
  });
  afterAll(async () => {
    await witness?.close();
    await system?.close();
  });

  const allReady = async () => {
    for (const process of servicesOf(system.system)) await process.waitReady();
  };

  /** Overdue purchases get reminders, so that billing has something to tell when money comes in. */
  const remind = () => admin.post('/reminder-sweeps').catch(() => undefined);

  async function strike(point: Point, seed: number, dice: Dice) {
    const { service, name } = point;
    try {
      const struck = point.strike(witness, dice);
      if (service === 'billing') await remind();
      return await struck;
    } catch (error) {
      throw new Error(`seed ${seed}, ${service} ${name}: ${(error as Error).message}`, { cause: error });
    }
  }

  it.each(seeds(3, 40))(
    'at any point loses nothing and doubles nothing (seed %i)',
    async (seed) => {
      const dice = new Dice(randomFrom(seed));
      const load = await Load.prepare(system.system, { seed });
      await load.run(60);
      load.start();
      const comingBack: Promise<void>[] = [];
      const deck = [...POINTS];
      try {
        while (deck.length > 0) {
          const point = dice.take(deck)!;
          const twins = servicesOf(system.system).filter((process) => process.name.split('-')[0] === point.service);
          await eventually(() => expect(twins.every(({ pid }) => pid !== undefined)).toBe(true), 60_000);
          const victim = await strike(point, seed, dice);
          // Its twin goes on meanwhile, and may be the next. That it is ready again is asked for at the end.
          comingBack.push(victim.start().catch(() => {}));
        }
      } finally {
        await load.stop();
        await Promise.all(comingBack);
      }
      await allReady();
      await expectKept(witness, load.record);
      await expectAtRest(witness);
      expectAnswered(load.record);
    },
    600_000,
  );

  it.each(seeds(3, 40))(
    'while it is the gateway leaves its clients without an answer, and no operation half done (seed %i)',
    async (seed) => {
      const load = await Load.prepare(system.system, { seed });
      await load.run(20);
      load.start();
      const latch = await Latch.set(witness, { table: 'sales.outbox', by: 'INSERT', at: 'commit' });
      await latch.caught().finally(async () => {
        await system.system.process('gateway').stop([['SIGKILL', 10_000]]);
        await latch.release();
      });
      await system.system.process('gateway').start();
      await load.stop();
      await expectKept(witness, load.record);
      await expectAtRest(witness);
      expectAnswered(load.record, { gatewayAway: true });
    },
    120_000,
  );

  it(
    'and all of them leave what billing would have if it were told anew',
    () => expectRebuildTheSame(witness),
    240_000,
  );
});

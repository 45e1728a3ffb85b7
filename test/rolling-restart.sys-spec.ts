import { SERVICES } from '#contracts/rpc';
import { balance, type Balancer } from '#testing/balancer';
import { startTestSystem, type TestSystem } from '#testing/system';
import { Readers, readingsTold } from './faults/infrastructure/readers.js';
import { expectAtRest } from './oracles/at-rest.js';
import { expectAnswered, expectKept, expectNone, expectUnharmed } from './oracles/kept.js';
import { Load } from './oracles/load.js';
import { Witness } from './oracles/witness.js';

/** Much longer than the balancer needs to see that a gateway is going. */
const DRAIN_MS = 1_500;
const REPLICAS = SERVICES.flatMap((service) => [service, `${service}-2`]);

/**
 * What a release does: one replica after the other is told to go (SIGTERM), finishes, and comes back ready before the
 * next one goes. Users work on meanwhile, over connections that stay open and over new ones. Nobody repeats anything:
 * a single answer that is missing, or says that something was away, is a failure.
 */
describe('restarting every replica, one after the other', () => {
  let system: TestSystem;
  let witness: Witness;
  let balancer: Balancer;
  let writers: Load;
  let readers: Readers;

  beforeAll(async () => {
    system = await startTestSystem({
      replicas: Object.fromEntries(SERVICES.map((service) => [service, 2])),
      extraEnv: { gateway: { DRAIN_MS: String(DRAIN_MS) } },
    });
    witness = new Witness(system.system);
    balancer = await balance(['gateway', 'gateway-2'].map((name) => system.system.healthUrl(name)));
    writers = await Load.prepare(system.system, { seed: 1, clients: 4, url: () => balancer.url });
    readers = await Readers.prepare(system.system, { url: balancer.url });
  }, 180_000);
  afterAll(async () => {
    await balancer?.close();
    await witness?.close();
    await system?.close();
  });

  it('fails no request', async () => {
    writers.start();
    readers.start();
    for (const replica of REPLICAS) await system.system.process(replica).restart();
    await Promise.all([writers.stop(), readers.stop()]);

    expectUnharmed(writers.record);
    expectAnswered(writers.record);
    const failed = readers.record.filter(({ status = 500, brokeOff }) => status >= 500 || brokeOff !== undefined);
    expectNone('readings that failed', readingsTold(failed));
    await expectKept(witness, writers.record);
    await expectAtRest(witness);
  }, 300_000);

  it('while there was something to fail', () => {
    const read = readers.record.filter(({ status }) => status === 200);
    expect(new Set(read.map(({ manner }) => manner))).toEqual(new Set(['keep-alive', 'fresh']));
    expect(read.length).toBeGreaterThan(500);
    expect(writers.record.length).toBeGreaterThan(100);
  });
});

import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { EventEnvelope } from '#contracts/event';
import { builtProgram } from '#embedded/programs';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { randomFrom, seeds } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import { expectAtRest } from '../oracles/at-rest.js';
import { expectKept } from '../oracles/kept.js';
import { Load } from '../oracles/load.js';
import { expectMemoryBounded, memoryOf } from '../oracles/memory.js';
import { expectInboxesFull, expectOutboxesEmpty } from '../oracles/messages.js';
import { expectCopiesTrue } from '../oracles/states.js';
import { Witness } from '../oracles/witness.js';
import { Dice } from '../oracles/world.js';
import { backlogOf } from './backlog.js';

/** Events that come twice, late, broken, not at all, or all at once. */
describe('billing', () => {
  let system: TestSystem;
  let witness: Witness;
  let nats: NatsConnection;
  let admin: Api;
  let owner: Api;
  /** Events that were sent or lost here, and not by any service. */
  const foreign: string[] = [];

  beforeAll(async () => {
    system = await startTestSystem();
    witness = new Witness(system.system);
    const server = system.system.nats!;
    nats = await connect({ servers: server.url, ...server.credentials('ops') });
  }, 120_000);
  beforeEach(async () => {
    [admin, owner] = [await system.as('admin'), await system.as('sales01')];
  });
  afterAll(async () => {
    await nats?.close();
    await witness?.close();
    await system?.close();
  });

  const parked = () =>
    witness.rows<{ event_id: string; tries: number; error: string }>(
      `SELECT event_id, tries, error FROM billing.parked ORDER BY id`,
    );
  const maintain = (service: 'customers' | 'billing', ...args: string[]) =>
    system.system.run(service, builtProgram(service, 'maintain'), args);
  const newCustomer = async (name: string): Promise<string> => {
    const customer = { name, keyword: name, acknowledgeDuplicates: true };
    return ((await owner.post('/customers', customer).expect(201)).body as { id: string }).id;
  };

  it.each(seeds(3, 40))(
    'takes an event that comes again, or after a newer one, for what it is (seed %i)',
    async (seed) => {
      const dice = new Dice(randomFrom(seed));
      const load = await Load.prepare(system.system, { seed });
      await load.run(80);
      await expectAtRest(witness, { exceptFor: foreign });

      const told = await witness.rows<{ payload: EventEnvelope }>(
        `SELECT payload FROM customers.outbox UNION ALL SELECT payload FROM sales.outbox
         UNION ALL SELECT payload FROM auth.outbox`,
      );
      const newest = new Map<string, number>();
      for (const { payload: event } of told) {
        newest.set(event.aggregateId, Math.max(event.version, newest.get(event.aggregateId) ?? 0));
      }
      const old = told.filter(({ payload }) => payload.version < newest.get(payload.aggregateId)!);
      const some = (from: typeof told) => Array.from({ length: 100 }, () => dice.of(from)!.payload);
      // The same event once more, which the inbox knows; and an old state under a new id, which its version tells.
      const sent = [...some(told), ...some(old).map((event) => ({ ...event, id: crypto.randomUUID() }))];
      await load.run(40);
      await Promise.all(sent.map((event) => jetstream(nats).publish(event.subject, JSON.stringify(event))));

      foreign.push(...sent.map(({ id }) => id));
      await expectAtRest(witness, { exceptFor: foreign });
      await expectKept(witness, load.record);
    },
    120_000,
  );

  it('puts an event aside that it can’t apply, goes on with the rest, and takes it up again when it is told to', async () => {
    const id = await newCustomer('毒药');
    await expectAtRest(witness, { exceptFor: foreign });
    await witness.rows(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.id = '${id}' THEN RAISE EXCEPTION 'poison'; END IF;
        RETURN NEW;
      END $$`);
    await witness.rows(
      `CREATE TRIGGER refuse BEFORE UPDATE ON billing.customers FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    );
    const load = await Load.prepare(system.system, { seed: 99 });
    const going = load.run(60);
    await owner.patch(`/customers/${id}`, { name: '解药', acknowledgeDuplicates: true }).expect(200);
    await going;
    await eventually(() => expectInboxesFull(witness, foreign), 60_000);
    const aside = await parked();
    expect(aside).toEqual([{ event_id: expect.any(String), tries: 5, error: expect.stringContaining('poison') }]);
    await expect(expectCopiesTrue(witness)).rejects.toThrow('customers in billing');

    await witness.rows(`DROP TRIGGER refuse ON billing.customers`);
    await maintain('billing', 'replay', 'billing-customers');
    await expectAtRest(witness, { exceptFor: foreign });
  }, 120_000);

  it('rather answers 503 than without an event that it has never got, until all is told anew', async () => {
    const [id, next] = [await newCustomer('断层'), await newCustomer('再断')];
    const other = await system.as('sales02');
    await expectAtRest(witness, { exceptFor: foreign });
    await owner.get('/arrears/summary').expect(200);
    // Lost between outbox and stream, as by a server that forgot what it had acknowledged.
    await witness.rows(`CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.payload->'data'->'customers'->0->>'id' = '${id}' THEN NEW.published_at = now(); END IF;
        RETURN NEW;
      END $$`);
    await witness.rows(
      `CREATE TRIGGER lose BEFORE INSERT ON customers.outbox FOR EACH ROW EXECUTE FUNCTION public.lose()`,
    );
    await owner.post('/transfers', { customerIds: [id], toUserId: other.userId, reason: '断' }).expect(201);
    await witness.rows(`DROP TRIGGER lose ON customers.outbox`);
    await owner.get('/arrears/summary').expect(503);

    // What follows can't hide that something is missing before it.
    await owner.post('/transfers', { customerIds: [next], toUserId: other.userId, reason: '续' }).expect(201);
    await owner.get('/arrears/summary').expect(503);
    await other.get('/arrears/summary').expect(503);
    await eventually(async () => expect(await parked()).toHaveLength(1), 60_000);

    await maintain('customers', 'republish');
    await eventually(() => owner.get('/arrears/summary').expect(200), 30_000);
    await maintain('billing', 'replay', 'billing-customers');
    const lost = await witness.rows<{ id: string }>(
      `SELECT id FROM customers.outbox WHERE published_at IS NOT NULL AND published_seq IS NULL`,
    );
    foreign.push(...lost.map((event) => event.id));
    await expectAtRest(witness, { exceptFor: foreign });
    await admin.get('/arrears/summary').expect(200);
  }, 180_000);

  it('comes back from 50,000 events behind, in bounded memory, while others go on', async () => {
    const count = 50_000;
    const recordMany = await backlogOf(admin, owner, witness, count);
    const before = memoryOf(system.system);
    system.system.process('billing').pause();
    await recordMany();
    const load = await Load.prepare(system.system, { seed: 50 });
    await load.run(40);
    await eventually(() => expectOutboxesEmpty(witness), 300_000, 500);
    system.system.process('billing').resume();

    let peak = new Map<string, number>();
    await eventually(
      async () => {
        const now = memoryOf(system.system);
        peak = new Map([...now].map(([name, megabytes]) => [name, Math.max(megabytes, peak.get(name) ?? 0)]));
        const [charges] = await witness.rows<{ count: number }>(`SELECT count(*)::int AS count FROM billing.charges`);
        expect(charges!.count).toBeGreaterThan(count);
      },
      300_000,
      250,
    );
    expectMemoryBounded(before, peak);
    await expectKept(witness, load.record);
    await expectAtRest(witness, { exceptFor: foreign });
  }, 900_000);
});

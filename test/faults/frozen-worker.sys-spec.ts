import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import type { Api } from '#testing/api';
import { eventually } from '#testing/eventually';
import { seeds } from '#testing/scale';
import { startTestSystem, type TestSystem } from '#testing/system';
import { expectAtRest } from '../oracles/at-rest.js';
import { expectKept } from '../oracles/kept.js';
import { Load } from '../oracles/load.js';
import { Witness } from '../oracles/witness.js';
import { Latch } from './latch.js';

/** Shorter than in production, so that it need not be waited for so long. */
const LEASE = 3_000;

/** Stands still in the middle of a job for longer than its lease, and wakes when another has done it. */
describe('a worker that is frozen past its lease', () => {
  let system: TestSystem;
  let witness: Witness;
  let nats: NatsConnection;
  let jsm: JetStreamManager;
  let admin: Api;

  beforeAll(async () => {
    system = await startTestSystem({ replicas: { billing: 2 } });
    witness = new Witness(system.system);
    const server = system.system.nats!;
    nats = await connect({ servers: server.url, ...server.credentials('ops') });
    jsm = await jetstreamManager(nats);
  }, 120_000);
  beforeEach(async () => {
    admin = await system.as('admin');
    await jsm.consumers.update('JOB_BILLING', 'billing-sweep-shard', { ack_wait: nanos(LEASE) });
  });
  afterAll(async () => {
    await nats?.close();
    await witness?.close();
    await system?.close();
  });

  it.each(seeds(3, 40))(
    'does no reminder twice and leaves none out (seed %i)',
    async (seed) => {
      const load = await Load.prepare(system.system, { seed });
      await load.run(60);
      await expectAtRest(witness);

      const latch = await Latch.set(witness, { table: 'billing.reminders', by: 'INSERT', at: 'statement' });
      const sweep = admin.post('/reminder-sweeps').then(({ status }) => status);
      const caught = await latch.caught();
      caught.process.pause();
      // What it holds in the database goes with its connection; what it believes to hold, it keeps.
      await witness.rows(`SELECT pg_terminate_backend($1)`, [caught.pid]);
      await latch.release();
      await sweep;
      await eventually(swept, 60_000, 200);
      caught.process.resume();
      await caught.process.waitReady();

      await load.run(20);
      await admin.post('/reminder-sweeps').expect(200);
      await eventually(swept, 60_000, 200);
      await expectKept(witness, load.record);
      await expectAtRest(witness);
      await expectReminded();
    },
    180_000,
  );

  async function swept(): Promise<void> {
    const open = await witness.rows<{ day: string; shard: number }>(
      `SELECT as_of::text AS day, shard FROM billing.sweep_shards WHERE done_at IS NULL`,
    );
    expect(open).toEqual([]);
  }

  /** Each overdue purchase of a customer who is there has one open reminder, told once as opened; no other has one. */
  async function expectReminded(): Promise<void> {
    const wrong = await witness.rows(
      `WITH owed AS (
         SELECT purchase_id FROM billing.charges c JOIN billing.customers k ON k.id = c.customer_id
         WHERE paid < payable AND voided_on IS NULL AND due_on < current_date AND NOT k.deleted),
       reminded AS (SELECT purchase_id FROM billing.reminders WHERE kind = 'arrears' AND state <> 'settled'),
       opened AS (
         SELECT (payload->'data'->>'purchaseId')::uuid AS purchase_id FROM billing.outbox
         WHERE subject = 'evt.billing.reminder.changed.v1' AND payload->>'version' = '1')
       SELECT 'not reminded' AS what, purchase_id FROM (TABLE owed EXCEPT TABLE reminded) missing
       UNION ALL SELECT 'told twice as opened', purchase_id FROM opened GROUP BY purchase_id HAVING count(*) > 1`,
    );
    expect(wrong).toEqual([]);
  }
});

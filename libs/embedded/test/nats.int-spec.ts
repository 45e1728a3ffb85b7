import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsUser } from '../src/nats-config.js';
import { startNats, type RunningNats } from '../src/nats.js';
import { newSecrets } from '../src/secrets.js';
import { until } from '../src/wait.js';
import { tempDir } from './temp-dir.js';

describe('the embedded NATS server', () => {
  const passwords = newSecrets().nats;
  let nats: RunningNats;
  const as = (user: NatsUser) => connect({ servers: nats.url, ...nats.credentials(user) });

  beforeAll(async () => (nats = await startNats({ dataDir: tempDir(), passwords })));
  afterAll(() => nats.stop());

  it('lets nobody in without a password', async () => {
    await expect(connect({ servers: nats.url })).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: nats.url, user: 'ops', pass: 'wrong' })).rejects.toThrow(/authorization/i);
  });

  it("keeps a service from asking in the gateway's place, and from listening to another's requests", async () => {
    const sales = await as('sales');
    const refused: string[] = [];
    void (async () => {
      for await (const status of sales.status()) if (status.type === 'error') refused.push(status.error.message);
    })();
    sales.publish('rpc.auth.user.disable');
    sales.subscribe('rpc.auth.>', { callback: () => {} });
    await sales.flush();
    expect(await until(5_000, () => refused.length >= 2)).toBe(true);
    expect(refused.join('\n')).toMatch(/Publish to "rpc\.auth\.user\.disable"[^]*Subscription to "rpc\.auth\.>"/);
    await sales.close();
  });

  it('keeps what it has acknowledged over kill -9, and comes back on the same port', async () => {
    const ops = await as('ops');
    await (await jetstreamManager(ops)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(ops).publish('kept', 'a message');
    await ops.close();
    const { pid } = nats.process;
    nats.process.kill('SIGKILL');
    expect(await until(20_000, () => ![undefined, pid].includes(nats.process.pid))).toBe(true);
    await nats.process.waitReady();
    const again = await as('ops');
    const stream = await (await jetstreamManager(again)).streams.info('KEPT');
    expect(stream.state.messages).toBe(1);
    await again.close();
  });
});

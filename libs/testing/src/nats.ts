import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type RunningNats } from '#embedded/nats';
import { testServers } from './test-servers.js';

/** A NATS server for this test file alone: streams and subjects have fixed names. */
export async function startTestNats(): Promise<RunningNats> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hongfuxing-nats-'));
  const nats = await startNats({ dataDir, passwords: testServers().natsPasswords, durable: false });
  return {
    ...nats,
    async stop() {
      await nats.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

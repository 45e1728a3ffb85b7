import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalSystem, type LocalSystemOptions } from '#embedded/local-system';
import type { Api } from './api.js';
import { signIn } from './api.js';

export interface TestSystem {
  system: LocalSystem;
  /** Signs in with a demo account; each call is a session of its own. */
  as(username: string): Promise<Api>;
  close(): Promise<void>;
}

/** The whole system, started as `npm start` does it, on a data folder of its own with the demo accounts. */
export async function startTestSystem(options: Partial<LocalSystemOptions> = {}): Promise<TestSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hongfuxing-system-'));
  const env = { ...process.env, LOG_LEVEL: 'warn' };
  const system = new LocalSystem({ dataDir, port: 0, durable: false, testClock: true, demo: true, env, ...options });
  const close = async () => {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  await system.start().catch(async (error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    system,
    close,
    as(username) {
      const account = system.accounts.find((one) => one.username === username);
      if (!account) throw new Error(`No demo account ${username}`);
      return signIn(system.url, account);
    },
  };
}

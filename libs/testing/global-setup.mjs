import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts the servers that the test files share, in a process that ends with this one. */
export default async function setup() {
  const script = fileURLToPath(new URL('src/servers.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`The test servers did not start (exit ${code}):\n${log}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), died]);
  died.catch(() => {});
  process.env.HFX_TEST_SERVERS = line;
  globalThis.testServersProcess = child;
}

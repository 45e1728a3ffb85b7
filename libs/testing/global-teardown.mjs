import { once } from 'node:events';

export default async function teardown() {
  const child = globalThis.testServersProcess;
  if (!child || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}

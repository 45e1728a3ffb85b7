import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Older ones lose acknowledged messages on a crash, and ignore newer settings in silence. */
export const NATS_MINIMUM = '2.12.0';

const run = promisify(execFile);

/** The version that a nats-server binary tells, such as `2.12.1`. Rejects when it can't be run. */
export async function natsVersionOf(binary: string): Promise<string> {
  const { stdout } = await run(binary, ['--version'], { timeout: 10_000 });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${binary} does not tell its version`);
  return version;
}

/** A pre-release of the minimum itself (`2.12.0-RC.1`) does not suffice. */
export function suffices(version: string, minimum = NATS_MINIMUM): boolean {
  const [numbers = '', preRelease] = version.split('-', 2);
  const is = numbers.split('.').map(Number);
  const must = minimum.split('.').map(Number);
  for (const [i, part] of must.entries()) {
    if ((is[i] ?? 0) !== part) return (is[i] ?? 0) > part;
  }
  return preRelease === undefined;
}

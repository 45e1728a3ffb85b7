import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventEnvelope, EventType, JobType } from '#contracts/event';
import type { Rpc } from '#contracts/rpc';
import { repositoryRoot } from '#embedded/programs';

export interface Contracts {
  /** `rpc.*` and `svc.*`; one that any service may ask has a wildcard for its caller. */
  rpcs: Rpc[];
  events: EventType[];
  jobs: JobType[];
}

/** A message of each contract as it travels, parsed from JSON. */
export type Sample = { request: unknown; reply: unknown } | { event: EventEnvelope } | { job: unknown };

const FOLDER = join(repositoryRoot(), 'libs/contracts');

/** Every contract that there is: tables made of it grow by themselves. */
export async function everyContract(): Promise<Contracts> {
  const files = readdirSync(join(FOLDER, 'src')).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  const found = new Map<string, Rpc | EventType | JobType>();
  // One after the other: jest links no two modules at once that import the same third.
  for (const file of files) {
    const module = (await import(join(FOLDER, 'src', file))) as object;
    for (const one of Object.values(module).flatMap(contractsIn)) found.set(one.subject, one);
  }
  const all = [...found.values()];
  return {
    rpcs: all.filter((one): one is Rpc => 'input' in one),
    events: all.filter((one): one is EventType => one.subject.startsWith('evt.')),
    jobs: all.filter((one): one is JobType => one.subject.startsWith('job.')),
  };
}

/** The samples of all services by their subjects. */
export function everySample(): Map<string, Sample> {
  const folder = join(FOLDER, 'samples');
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Sample>;
  return new Map(readdirSync(folder).flatMap((file) => Object.entries(read(file))));
}

/** A contract stands by itself, or as a member of a plain object of several. */
function contractsIn(exported: unknown): (Rpc | EventType | JobType)[] {
  if (typeof exported !== 'object' || exported === null) return [];
  if (typeof (exported as { subject?: unknown }).subject === 'string') return [exported as Rpc | EventType | JobType];
  return Object.getPrototypeOf(exported) === Object.prototype ? Object.values(exported).flatMap(contractsIn) : [];
}

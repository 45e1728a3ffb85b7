import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endRecorded, type StopStep } from './process-identity.js';

const BRIEF: readonly StopStep[] = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
];
/** For PostgreSQL, SIGTERM would mean to wait until all have left. */
const POSTGRES: readonly StopStep[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** Ends what a killed supervisor left running on this data folder: first those that serve, then what they rest on. */
export async function endLeftovers(dataDir: string, report: (line: string) => void): Promise<boolean> {
  const run = join(dataDir, 'run');
  const records = readdirSync(run).filter((name) => name.endsWith('.json') && name !== 'supervisor.json');
  const tiers = [
    records.filter((name) => !['nats.json', 'postgres.json'].includes(name)),
    records.filter((name) => name === 'nats.json'),
    records.filter((name) => name === 'postgres.json'),
  ];
  let any = false;
  for (const [i, tier] of tiers.entries()) {
    const steps = i === 2 ? POSTGRES : BRIEF;
    const ended = await Promise.all(tier.map((name) => endRecorded(join(run, name), steps)));
    any ||= ended.includes(true);
  }
  if (any) report('ended processes that an earlier run had left behind');
  return any;
}

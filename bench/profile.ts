import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '#embedded/programs';
import { eventually } from '#testing/eventually';
import type { ServiceName } from '#contracts/rpc';
import type { Ground } from './ground.js';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const SHOWN = 25;

/** Takes a CPU profile of a service while `work` runs. Gives where the time went, the most first. */
export async function profiled(ground: Ground, service: ServiceName, name: string, work: () => Promise<unknown>) {
  const { dataDir } = ground.system;
  const written = join(dataDir, 'running.cpuprofile');
  const { pid } = ground.system.process(service);
  process.kill(pid!, 'SIGUSR2');
  await work();
  process.kill(pid!, 'SIGUSR2');
  await eventually(() => {
    if (!existsSync(written)) throw new Error('The profile is not written');
  });
  mkdirSync(join(dataDir, 'profiles'), { recursive: true });
  const file = join(dataDir, 'profiles', `${service}-${name}.cpuprofile`);
  renameSync(written, file);
  return `${file}\n${topOf(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile)}`;
}

/** Each function with the time spent in itself, as a share of the time in which anything ran. */
function topOf({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<string, number>();
  samples.forEach((id, at) => {
    const name = names.get(id) ?? '';
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const idle = own.get('(idle)') ?? 0;
  own.delete('(idle)');
  const busy = [...own.values()].reduce((sum, time) => sum + time, 0);
  const top = [...own].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const lines = top.map(([name, time]) => `  ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`);
  return [`  busy for ${((100 * busy) / (busy + idle)).toFixed(0)} % of the time, and then with:`, ...lines].join('\n');
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const place = url.startsWith('file:') ? relative(repositoryRoot(), new URL(url).pathname) : url;
  return `${functionName || '(anonymous)'}${place && ` ${place}:${lineNumber + 1}`}`;
}

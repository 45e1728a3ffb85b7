import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** What a process has used of the processors so far, in ms. */
export const cpuOf = (pid: number): number => milliseconds(statOf(pid).slice(11, 13));

/** Of PostgreSQL: the postmaster, its backends, and those that have ended. */
export function cpuOfPostgres(postmaster: number): number {
  const ended = () => milliseconds(statOf(postmaster).slice(13, 15));
  for (let before = ended(); ; before = ended()) {
    const running = cpuOf(postmaster) + childrenOf(postmaster).reduce((sum, pid) => sum + alive(pid), 0);
    // One that ended meanwhile would be counted twice, or not at all.
    if (ended() === before) return running + before;
  }
}

/** In bytes. `own` counts shared pages once among those who share them. */
export function memoryOf(pid: number): { resident: number; own: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1_024;
  return { resident: kilobytes('Rss'), own: kilobytes('Pss') };
}

/** The most it has held since its start, or since `forgetPeak`, in bytes. */
export function peakOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

const milliseconds = (ticks: string[]): number =>
  (ticks.reduce((sum, count) => sum + Number(count), 0) / TICKS_PER_SECOND) * 1_000;

/** The fields of /proc/<pid>/stat from the state on; the name before it may contain anything. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && Number(statOf(pid)[1]) === parent;
      } catch {
        return false;
      }
    });
}

function alive(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    return 0;
  }
}
